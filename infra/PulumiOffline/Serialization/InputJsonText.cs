using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Pulumi.Serialization;

/// <summary>Some provider settings go over the wire as JSON text; the spacing is that of the official packages.</summary>
internal static class InputJsonText
{
    public static Output<string> Of(string context, object value)
    {
        return new Output<string>(GetData());

        async Task<OutputData<string>> GetData()
        {
            var (plain, dependencies) = await Serializer.PropertyAsync(context, value).ConfigureAwait(false);
            return new([.. dependencies], plain.IsKnown ? Text(plain.Value) : "", plain.IsKnown, plain.IsSecret);
        }
    }

    private static IEnumerable<string> Members(ImmutableDictionary<string, object> map) =>
        map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{JsonSerializer.Serialize(e.Key)}: {Text(e.Value)}");

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        string s => JsonSerializer.Serialize(s),
        ImmutableArray<object?> list => list.IsEmpty ? "[ ]" : $"[ {string.Join(", ", list.Select(Text))} ]",
        ImmutableDictionary<string, object> map => map.IsEmpty
            ? "{ }"
            : $"{{ {string.Join(", ", Members(map))} }}",
        _ => throw new InvalidOperationException($"{value.GetType().FullName} cannot be part of JSON text"),
    };
}
