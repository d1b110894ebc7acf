using System.Text.Json;

namespace Candor.Planning;

/// <summary>Kubernetes' rules for which labels a selector selects.</summary>
public static class LabelSelector
{
    /// <summary>
    /// Whether a <c>LabelSelector</c> (<c>matchLabels</c>, <c>matchExpressions</c>) selects the labels. An empty selector selects
    /// everything, a missing one nothing, and an unknown operator nothing.
    /// </summary>
    public static bool Matches(PlanValue selector, PlanValue labels) =>
        selector.Kind == JsonValueKind.Object
        && MatchesAll(selector["matchLabels"], labels)
        && selector["matchExpressions"].Items.All(expression => MatchesExpression(expression, labels));

    /// <summary>Whether a Service's plain <c>selector</c> map selects the labels; an empty or missing one selects nothing.</summary>
    public static bool MatchesService(PlanValue selector, PlanValue labels) =>
        selector.Properties.Any() && MatchesAll(selector, labels);

    private static bool MatchesAll(PlanValue wanted, PlanValue labels) =>
        wanted.Properties.All(label => labels[label.Key].Text is { } found && found == label.Value.Text);

    private static bool MatchesExpression(PlanValue expression, PlanValue labels)
    {
        var found = expression["key"].Text is { } key ? labels[key] : PlanValue.Missing;
        bool Listed() => expression["values"].Items.Any(value => value.Text == found.Text);
        return expression["operator"].Text switch
        {
            "In" => found.Exists && Listed(),
            "NotIn" => !found.Exists || !Listed(),
            "Exists" => found.Exists,
            "DoesNotExist" => !found.Exists,
            _ => false,
        };
    }
}
