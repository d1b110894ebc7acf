using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>Makes the fields of one record's schema, by the type of their value.</summary>
internal static class SchemaFields<T>
    where T : class
{
    // Far beyond what any cloud or cluster takes, and small enough that no sum or product of them overflows.
    private const int LargestNumber = 1_000_000;

    private const string Text = "a text";
    private const string Number = "a number";
    private const string TimeText = "a duration such as 10s, 500ms or 2m, at most 24h";

    private static readonly string WholeNumber = $"a whole number, at most {LargestNumber}";
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    internal static SchemaField<T> Of(string name, Func<T, string> get, Func<T, string, T> set) =>
        Scalar(name, Text, record => JsonValue.Create(get(record)), ReadText, set);

    internal static SchemaField<T> Of(string name, Func<T, int> get, Func<T, int, T> set) =>
        Scalar(name, WholeNumber, record => JsonValue.Create(get(record)), ReadWhole, set);

    internal static SchemaField<T> Of(string name, Func<T, double> get, Func<T, double, T> set) =>
        Scalar(name, Number, record => JsonValue.Create(get(record)), ReadNumber, set);

    internal static SchemaField<T> Of(string name, Func<T, bool> get, Func<T, bool, T> set) =>
        Scalar(name, "true or false", record => JsonValue.Create(get(record)), ReadFlag, set);

    internal static SchemaField<T> Of(string name, Func<T, TimeSpan> get, Func<T, TimeSpan, T> set) =>
        Scalar(name, TimeText, record => JsonValue.Create(DurationText.Format(get(record))), ReadDuration, set);

    internal static SchemaField<T> Optional(string name, Func<T, string?> get, Func<T, string?, T> set) =>
        OrNothing(name, get, value => JsonValue.Create(value), Of(name, record => get(record)!, set), set);

    internal static SchemaField<T> Optional(string name, Func<T, int?> get, Func<T, int?, T> set) =>
        OrNothing(
            name,
            get,
            value => JsonValue.Create(value!.Value),
            Of(name, record => get(record)!.Value, (record, value) => set(record, value)),
            set);

    internal static SchemaField<T> Optional(string name, Func<T, TimeSpan?> get, Func<T, TimeSpan?, T> set) =>
        OrNothing(
            name,
            get,
            value => JsonValue.Create(DurationText.Format(value!.Value)),
            Of(name, record => get(record)!.Value, (record, value) => set(record, value)),
            set);

    internal static SchemaField<T> Choice<TChoice>(string name, Func<T, TChoice> get, Func<T, TChoice, T> set)
        where TChoice : struct, Enum
    {
        var choices = Enum.GetValues<TChoice>().ToDictionary(NameOf, StringComparer.Ordinal);
        var expected = "one of " + string.Join(", ", choices.Keys);
        return new(
            name,
            record => JsonValue.Create(NameOf(get(record))),
            (record, node, context) =>
            {
                if (node is JsonValue value && ReadText(value) is { } text && choices.TryGetValue(text, out var choice))
                {
                    return set(record, choice);
                }

                context.UnknownChoice(node, expected);
                return record;
            });
    }

    internal static SchemaField<T> Record<TPart>(string name, RecordSchema<TPart> schema, Func<T, TPart> get, Func<T, TPart, T> set)
        where TPart : class => new(
            name,
            record => schema.Write(get(record)),
            (record, node, context) => set(record, schema.Read(get(record), node, context)));

    /// <summary>
    /// A record that may be absent; <paramref name="empty"/> is read over where it was, with the keys that must then be there.
    /// </summary>
    internal static SchemaField<T> OptionalRecord<TPart>(
        string name, RecordSchema<TPart> schema, TPart empty, Func<T, TPart?> get, Func<T, TPart?, T> set,
        params IReadOnlyList<string> required)
        where TPart : class => new(
            name,
            record => get(record) is { } part ? schema.Write(part) : null,
            (record, node, context) =>
            {
                if (node is null)
                {
                    return set(record, null);
                }

                context.Require(node, required);
                return node is JsonObject
                    ? set(record, schema.Read(get(record) ?? empty, node, context))
                    : Keep(record, node, context, "a JSON object");
            });

    /// <summary>A list, which is replaced whole: each item is read over <paramref name="empty"/>.</summary>
    internal static SchemaField<T> List<TItem>(
        string name,
        RecordSchema<TItem> schema,
        TItem empty,
        Func<T, ContractList<TItem>> get,
        Func<T, ContractList<TItem>, T> set,
        params IReadOnlyList<string> required)
        where TItem : class => new(
            name,
            record => new JsonArray([.. get(record).Select(schema.Write)]),
            (record, node, context) =>
            {
                if (node is not JsonArray items)
                {
                    return Keep(record, node, context, $"a list of {name}");
                }

                var list = new List<TItem>();
                for (var i = 0; i < items.Count; i++)
                {
                    var inside = context.Item(i);
                    inside.Require(items[i], required);
                    list.Add(schema.Read(empty, items[i], inside));
                }

                return set(record, [.. list]);
            });

    internal static SchemaField<T> Names(string name, Func<T, ContractList<string>> get, Func<T, ContractList<string>, T> set) => new(
        name,
        record => new JsonArray([.. get(record).Select(text => JsonValue.Create(text))]),
        (record, node, context) =>
        {
            if (node is not JsonArray items)
            {
                return Keep(record, node, context, "a list of names");
            }

            var list = new List<string>();
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is JsonValue value && ReadText(value) is { } text)
                {
                    list.Add(text);
                }
                else
                {
                    context.Item(i).Mismatch(items[i], Text);
                }
            }

            return set(record, [.. list]);
        });

    private static SchemaField<T> Scalar<TValue>(
        string name, string expected, Func<T, JsonNode?> write, Func<JsonValue, TValue?> read, Func<T, TValue, T> set)
        where TValue : class => new(
            name,
            write,
            (record, node, context) =>
                node is JsonValue value && read(value) is { } found ? set(record, found) : Keep(record, node, context, expected));

    private static SchemaField<T> Scalar<TValue>(
        string name, string expected, Func<T, JsonNode?> write, Func<JsonValue, TValue?> read, Func<T, TValue, T> set)
        where TValue : struct => new(
            name,
            write,
            (record, node, context) =>
                node is JsonValue value && read(value) is { } found ? set(record, found) : Keep(record, node, context, expected));

    private static SchemaField<T> OrNothing<TValue>(
        string name, Func<T, TValue?> get, Func<TValue?, JsonNode?> write, SchemaField<T> some, Func<T, TValue?, T> set) => new(
            name,
            record => get(record) is { } value ? write(value) : null,
            (record, node, context) => node is null ? set(record, default) : some.Read(record, node, context));

    private static T Keep(T record, JsonNode? node, ReadContext context, string expected)
    {
        context.Mismatch(node, expected);
        return record;
    }

    private static string NameOf<TChoice>(TChoice choice)
        where TChoice : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(choice.ToString());

    private static string? ReadText(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool? ReadFlag(JsonValue value) =>
        value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.GetValueKind() == JsonValueKind.True : null;

    private static double? ReadNumber(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? ReadWhole(JsonValue value) =>
        ReadNumber(value) is { } number && number == Math.Truncate(number) && Math.Abs(number) <= LargestNumber ? (int)number : null;

    private static TimeSpan? ReadDuration(JsonValue value) =>
        ReadText(value) is { } text && DurationText.TryParse(text, out var duration) && duration <= LongestDuration ? duration : null;
}
