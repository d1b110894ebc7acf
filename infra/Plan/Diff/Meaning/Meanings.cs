namespace Candor.Planning;

/// <summary>What a change means for the users and the people on call, before any field is named.</summary>
internal static class Meanings
{
    internal static IReadOnlyList<ReportCell> Of(PlanDiff diff) =>
    [
        .. TimelineMeaning.Of(diff),
        .. ReplacementMeaning.Of(diff),
        .. WorkloadMeaning.Of(diff),
        .. ProtectionMeaning.Of(diff),
        .. ReachMeaning.Of(diff),
    ];

    /// <summary>What a resource is called in a sentence.</summary>
    internal static string NameOf(PlanResource resource) => $"{ResourceTree.Kind(resource.Type)} {resource.Name}";
}
