namespace Candor.Planning.Rules;

/// <summary>The rules of security groups by the group that they belong to. Built once.</summary>
internal sealed class FlowIndex
{
    private readonly ILookup<(string Group, bool IsIngress), Flow> _byGroup;
    private readonly ILookup<bool, Flow> _ofAny;

    internal FlowIndex(IReadOnlyList<Flow> all)
    {
        _byGroup = all.Where(flow => !IsOfAny(flow)).ToLookup(flow => (flow.Group!, flow.IsIngress));
        _ofAny = all.Where(IsOfAny).ToLookup(flow => flow.IsIngress);
    }

    /// <summary>The rules of one direction that belong, or may belong, to one of the groups.</summary>
    internal IEnumerable<Flow> Of(IReadOnlyList<string> groups, bool isIngress) =>
        groups.Distinct().SelectMany(group => _byGroup[(group, isIngress)]).Concat(_ofAny[isIngress]);

    private static bool IsOfAny(Flow flow) => flow.Group is null or "[unknown]";
}
