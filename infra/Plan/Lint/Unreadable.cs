using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>What a Plan holds and nobody can look into, so that nothing found there does not mean that all is well.</summary>
internal static class Unreadable
{
    private static readonly string[] Charts = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"];

    internal static IReadOnlyList<string> In(LintScope scope)
    {
        var charts = Charts.SelectMany(scope.OfType).Where(chart => !scope.Plan.Index.ChildrenOf(chart.Urn).Any()).Select(chart => chart.Name).ToList();
        var tasks = scope.Targets.Ecs.Where(service => service.IsUnreadable).Select(service => service.Task!.Name).Distinct().ToList();
        var clauses = new List<string>();
        if (charts.Count > 0)
        {
            clauses.Add($"the Helm chart{Plural(charts)} {string.Join(", ", charts)} cannot be looked into: render with helm template and lint that");
        }

        if (tasks.Count > 0)
        {
            clauses.Add($"the container definitions of {string.Join(", ", tasks)} cannot be looked into: they are encrypted or not known yet");
        }

        return clauses;
    }

    private static string Plural(List<string> names) => names.Count == 1 ? string.Empty : "s";
}
