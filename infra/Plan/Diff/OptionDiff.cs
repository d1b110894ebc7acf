using System.Text.Json.Nodes;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>Compares the options of a resource.</summary>
internal static class OptionDiff
{
    internal static IEnumerable<FieldChange> Between(PlanResource before, PlanResource after) =>
        Options(before).Zip(Options(after))
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => new FieldChange($"[{pair.First.Name}]", pair.First.Value, pair.Second.Value));

    private static IEnumerable<(string Name, PlanValue Value)> Options(PlanResource resource)
    {
        yield return ("parent", Text(resource.Parent));
        yield return ("provider", Text(resource.Provider));
        yield return ("dependsOn", List(resource.DependsOn));
        yield return ("protect", PlanValue.From(JsonValue.Create(resource.Protect)));
        yield return ("ignoreChanges", List(resource.IgnoreChanges));
        yield return ("timeout of creation", Time(resource.CustomTimeouts?.Create));
        yield return ("timeout of update", Time(resource.CustomTimeouts?.Update));
        yield return ("timeout of deletion", Time(resource.CustomTimeouts?.Delete));
    }

    private static PlanValue Text(string? text) => text is null ? PlanValue.Missing : PlanValue.From(JsonValue.Create(text));

    private static PlanValue List(IReadOnlyList<string> items) =>
        items.Count == 0 ? PlanValue.Missing : PlanValue.From(new JsonArray([.. items.Select(item => JsonValue.Create(item))]));

    private static PlanValue Time(TimeSpan? time) => time is { } some ? Text(DurationText.Format(some)) : PlanValue.Missing;
}
