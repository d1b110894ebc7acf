namespace Candor.Planning;

/// <summary>A Plan's resources as the tree that their parents span.</summary>
internal static class ResourceTree
{
    internal static ReportTree Of(Plan plan) => new(Below(plan, null));

    /// <summary>A type token without what every token has: <c>aws:lb/targetGroup:TargetGroup</c> is <c>aws TargetGroup</c>.</summary>
    internal static string Kind(string type)
    {
        var parts = type.Split(':');
        return parts switch
        {
            ["pulumi", "providers", var package] => $"provider {package}",
            [var package, .., var kind] => $"{package} {kind}",
            _ => type,
        };
    }

    private static List<ReportNode> Below(Plan plan, string? parent) =>
        [.. plan.Index.ChildrenOf(parent).Select(resource => new ReportNode($"{Kind(resource.Type)}  {resource.Name}", Detail(resource), Below(plan, resource.Urn)))];

    private static string Detail(PlanResource resource)
    {
        var details = new List<string>();
        if (resource.Protect)
        {
            details.Add("protected");
        }

        if (resource.IgnoreChanges.Count > 0)
        {
            details.Add($"ignores {string.Join(", ", resource.IgnoreChanges)}");
        }

        if (resource.DependsOn.Count > 0)
        {
            details.Add($"after {After(resource.DependsOn)}");
        }

        return string.Join("; ", details);
    }

    // Names repeat between types, so the type has to be said.
    private static string After(IReadOnlyList<string> urns)
    {
        const int Shown = 3;
        var named = urns.Take(Shown).Select(urn => urn.Split("::", 2)).Select(parts => $"{parts[0].Split(':')[^1]} {parts[^1]}");
        return string.Join(", ", named) + (urns.Count > Shown ? $" and {urns.Count - Shown} more" : string.Empty);
    }
}
