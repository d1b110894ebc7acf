using System.Text.Json;

namespace Candor.Planning;

/// <summary>Reads the output of <c>pulumi preview --json</c>: <c>{steps: [{op, urn, newState}]}</c>.</summary>
internal static class PulumiPreview
{
    internal static Plan Read(JsonElement root)
    {
        var states = new List<(JsonElement State, string Where)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (step, number) in Json.Array(root, "steps", "the preview").Select((step, number) => (step, number)))
        {
            var where = $"steps[{number}]";
            Json.Expect(step, JsonValueKind.Object, where);
            // A deletion has no new state; a replacement has several steps that carry the same one.
            if (Json.OptionalObject(step, "newState", where) is { } state && seen.Add(Json.Text(state, "urn", where + ".newState")))
            {
                states.Add((state, where + ".newState"));
            }
        }

        return PulumiPlan.Of(states);
    }
}
