using System.Net;

namespace Candor.Local;

/// <summary>The health checks of every target that is registered, whichever balancer process serves it.</summary>
internal sealed class TargetChecks(Node node, Manifest manifest) : IDisposable
{
    private readonly Dictionary<WantedTarget, TargetCheck> _checks = [];
    private Manifest _manifest = manifest;

    /// <summary>Switches to another Plan's numbers. A target keeps its state until the new thresholds are reached.</summary>
    public void Apply(Manifest next)
    {
        var before = _manifest;
        _manifest = next;
        foreach (var (target, check) in _checks.ToList())
        {
            if (Group(next, target) is { } group && Numbers(group) != Numbers(Group(before, target)!))
            {
                check.Dispose();
                _checks[target] = Start(target, group, check.Verdict);
            }
        }
    }

    /// <summary>Checks the wanted targets and no others.</summary>
    public void Follow(IReadOnlyCollection<WantedTarget> wanted)
    {
        foreach (var gone in _checks.Keys.Where(target => !wanted.Contains(target)).ToList())
        {
            _checks[gone].Dispose();
            _checks.Remove(gone);
        }

        foreach (var target in wanted.Where(target => !_checks.ContainsKey(target)))
        {
            if (Group(_manifest, target) is { } group)
            {
                _checks[target] = Start(target, group, TargetVerdict.New);
            }
        }
    }

    /// <summary>The result of a target's checks.</summary>
    public TargetVerdict VerdictOf(WantedTarget target) => _checks.TryGetValue(target, out var check) ? check.Verdict : TargetVerdict.New;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var check in _checks.Values)
        {
            check.Dispose();
        }

        _checks.Clear();
    }

    private static TargetGroupSpec? Group(Manifest manifest, WantedTarget target) =>
        manifest.TargetGroups.FirstOrDefault(g => g.Name == target.TargetGroup);

    private static (int?, string, string, TimeSpan, TimeSpan, int, int) Numbers(TargetGroupSpec group) =>
        (group.CheckPort, group.CheckPath, group.Matcher, group.Interval, group.Timeout, group.HealthyThreshold, group.UnhealthyThreshold);

    private TargetCheck Start(WantedTarget target, TargetGroupSpec group, TargetVerdict before) => TargetCheck.Start(
        group,
        new(IPAddress.Parse(target.CheckAddress ?? target.Address), group.CheckPort ?? target.Port),
        node.Network?.BalancerSource,
        node.Time,
        before,
        node.Changed,
        (passed, took, reason) => node.Board.Add(target.Pod, ProberKind.Balancer, passed, took, reason));
}
