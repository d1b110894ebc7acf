using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>
/// Reads JSON over an existing record. Ours, because a serializer stops at the first mistake, cannot merge into nested records,
/// and does not say which key was probably meant.
/// </summary>
internal static class ContractReader
{
    // Far beyond what any cloud or cluster takes, and small enough that no sum or product of them overflows.
    private const int LargestNumber = 1_000_000;

    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    private static readonly Dependency EmptyDependency = new() { Name = string.Empty, Kind = string.Empty };

    /// <summary>A copy of <paramref name="record"/> with what the node says; mistakes are appended, and what they are about keeps its value.</summary>
    internal static object ReadRecord(object record, JsonNode? node, string path, List<Violation> violations)
    {
        if (node is not JsonObject keys)
        {
            violations.Add(Mismatch(path.Length == 0 ? "contract" : path, node, "a JSON object"));
            return record;
        }

        var copy = CloneOf(record);
        var fields = ContractWriter.Fields(record.GetType()).ToDictionary(ContractWriter.NameOf, StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            var where = path.Length == 0 ? key : $"{path}.{key}";
            if (fields.TryGetValue(key, out var field))
            {
                field.SetValue(copy, ReadValue(field, record, value, where, violations));
            }
            else
            {
                violations.Add(UnknownKey(where, key, fields.Keys));
            }
        }

        return copy;
    }

    // The current value is asked for only where it is needed: a start pays for every property that reflection touches more than once.
    private static object? ReadValue(PropertyInfo field, object record, JsonNode? node, string path, List<Violation> violations)
    {
        var type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        if (node is null)
        {
            if (IsOptional(field))
            {
                return null;
            }

            violations.Add(Mismatch(path, node, Describe(type)));
            return field.GetValue(record);
        }

        if (type == typeof(ContractList<Dependency>))
        {
            return ReadList(field, record, node, path, "dependencies", violations, EmptyDependency, "name", "kind");
        }

        if (type == typeof(ContractList<Operation>))
        {
            return ReadList(field, record, node, path, "operations", violations, new Operation { Name = string.Empty }, "name");
        }

        if (type == typeof(ContractList<string>))
        {
            return ReadNames(field, record, node, path, violations);
        }

        if (type == typeof(OperationCanary))
        {
            Require(node, path, violations, "path");
            return ReadRecord(field.GetValue(record) ?? new OperationCanary { Path = string.Empty }, node, path, violations);
        }

        if (node is JsonObject && type.IsClass && type != typeof(string))
        {
            return ReadRecord(field.GetValue(record)!, node, path, violations);
        }

        if (node is JsonValue value && ReadScalar(type, value) is { } scalar)
        {
            return scalar;
        }

        violations.Add(Mismatch(path, node, Describe(type)));
        return field.GetValue(record);
    }

    private static object? ReadScalar(Type type, JsonValue value)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            return type switch
            {
                _ when type == typeof(string) => text,
                _ when type == typeof(TimeSpan) => DurationText.TryParse(text, out var duration) && duration <= LongestDuration ? duration : null,
                { IsEnum: true } => EnumNames(type).TryGetValue(text, out var name) ? name : null,
                _ => null,
            };
        }

        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            return type == typeof(bool) ? value.GetValue<bool>() : null;
        }

        if (value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return type switch
            {
                _ when type == typeof(double) => number,
                _ when type == typeof(int) && number == Math.Truncate(number) && Math.Abs(number) <= LargestNumber => (int)number,
                _ => null,
            };
        }

        return null;
    }

    private static object ReadList<T>(
        PropertyInfo field, object record, JsonNode node, string path, string plural, List<Violation> violations, T empty, params string[] required)
        where T : class
    {
        if (node is not JsonArray items)
        {
            violations.Add(Mismatch(path, node, $"a list of {plural}"));
            return field.GetValue(record)!;
        }

        var list = new List<T>();
        for (var i = 0; i < items.Count; i++)
        {
            var where = $"{path}[{i}]";
            Require(items[i], where, violations, required);
            list.Add((T)ReadRecord(empty, items[i], where, violations));
        }

        return ContractList.Create<T>([.. list]);
    }

    private static object ReadNames(PropertyInfo field, object record, JsonNode node, string path, List<Violation> violations)
    {
        if (node is not JsonArray items)
        {
            violations.Add(Mismatch(path, node, "a list of names"));
            return field.GetValue(record)!;
        }

        var names = new List<string>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonValue value && ReadScalar(typeof(string), value) is string name)
            {
                names.Add(name);
            }
            else
            {
                violations.Add(Mismatch($"{path}[{i}]", items[i], Describe(typeof(string))));
            }
        }

        return ContractList.Create<string>([.. names]);
    }

    private static void Require(JsonNode? node, string path, List<Violation> violations, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (node is JsonObject item && item[key] is null)
            {
                violations.Add(new("CT010", $"{path}.{key}", "nothing", "a value", "It is required.", $"Add \"{key}\"."));
            }
        }
    }

    private static bool IsOptional(PropertyInfo field) =>
        Nullable.GetUnderlyingType(field.PropertyType) is not null
        || new NullabilityInfoContext().Create(field).WriteState == NullabilityState.Nullable;

    private static object CloneOf(object record) =>
        record.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)!.Invoke(record, null)!;

    private static Dictionary<string, object> EnumNames(Type type) =>
        Enum.GetValues(type).Cast<object>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!), StringComparer.Ordinal);

    private static string Describe(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a duration such as 10s, 500ms or 2m, at most 24h",
        _ when type == typeof(int) => $"a whole number, at most {LargestNumber}",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        { IsEnum: true } => "one of " + string.Join(", ", EnumNames(type).Keys),
        _ => "a JSON object",
    };

    private static Violation UnknownKey(string path, string key, IEnumerable<string> known) => new(
        "CT010",
        path,
        "an unknown key",
        NearestName.Of(key, known) is { } nearest ? $"\"{nearest}\"" : "one of " + string.Join(", ", known),
        "What is not understood is never guessed at.",
        NearestName.Of(key, known) is { } name ? $"Write \"{name}\" instead of \"{key}\", or remove it." : $"Remove \"{key}\".");

    private static Violation Mismatch(string path, JsonNode? node, string expected) => new(
        "CT010",
        path,
        Shorten(node?.ToJsonString(ContractWriter.Options) ?? "null"),
        expected,
        "It cannot be read.",
        $"Write {expected}.");

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
