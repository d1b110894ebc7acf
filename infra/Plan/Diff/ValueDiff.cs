using System.Text.Json;

namespace Candor.Planning;

/// <summary>Compares two values field by field.</summary>
internal static class ValueDiff
{
    /// <summary>The fields that differ, in the order of their paths.</summary>
    internal static IEnumerable<FieldChange> Between(PlanValue before, PlanValue after) => Between(string.Empty, before, after);

    private static IEnumerable<FieldChange> Between(string path, PlanValue before, PlanValue after)
    {
        if (before == after)
        {
            return [];
        }

        if (before.Kind == JsonValueKind.Object && after.Kind == JsonValueKind.Object)
        {
            return Objects(path, before, after);
        }

        if (before.Kind == JsonValueKind.Array && after.Kind == JsonValueKind.Array)
        {
            return Lists(path, before, after);
        }

        // A document within a text, such as the contract in a ConfigMap, is compared by what it says.
        return Document(before) is { } was && Document(after) is { } willBe && was != willBe
            ? Between(path, was, willBe)
            : [new(path, before, after)];
    }

    private static IEnumerable<FieldChange> Objects(string path, PlanValue before, PlanValue after) =>
        before.Properties.Select(property => property.Key)
            .Union(after.Properties.Select(property => property.Key), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .SelectMany(name => Between(path.Length == 0 ? name : $"{path}.{name}", before[name], after[name]));

    // By name where every element has one of its own: a container or port that moves in its list has not changed.
    private static IEnumerable<FieldChange> Lists(string path, PlanValue before, PlanValue after)
    {
        if (Named(before) is { } was && Named(after) is { } willBe)
        {
            return was.Keys.Union(willBe.Keys, StringComparer.Ordinal)
                .SelectMany(name => Between($"{path}[{name}]", was.GetValueOrDefault(name), willBe.GetValueOrDefault(name)));
        }

        var left = before.Items.ToList();
        var right = after.Items.ToList();
        return Enumerable.Range(0, Math.Max(left.Count, right.Count))
            .SelectMany(index => Between($"{path}[{index}]", left.ElementAtOrDefault(index), right.ElementAtOrDefault(index)));
    }

    private static Dictionary<string, PlanValue>? Named(PlanValue list)
    {
        var named = new Dictionary<string, PlanValue>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            // A Prometheus rule is called by its alert.
            if ((item["name"].Text ?? item["alert"].Text) is not { } name || !named.TryAdd(name, item))
            {
                return null;
            }
        }

        return named;
    }

    private static PlanValue? Document(PlanValue value)
    {
        if (value.Text is not { } text || !text.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return CanonicalJson.Of(JsonElement.Parse(text, CanonicalJson.Strict));
        }
        catch (Exception exception) when (exception is JsonException or PlanFormatException)
        {
            return null;
        }
    }
}
