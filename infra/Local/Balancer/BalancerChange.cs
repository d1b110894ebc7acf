using System.Globalization;

namespace Candor.Local;

/// <summary>What another Plan changes of target groups and listeners.</summary>
/// <param name="Changes">Each change in words.</param>
/// <param name="NeedsNewProcess">
/// Whether any stands in HAProxy's configuration, which a process reads once. Checks and the deregistration delay are ours.
/// </param>
internal sealed record BalancerChange(IReadOnlyList<string> Changes, bool NeedsNewProcess)
{
    /// <summary>The difference of two Plans.</summary>
    public static BalancerChange Between(Manifest before, Manifest after)
    {
        // One that is new or gone is reported once, below.
        var kept = before.TargetGroups.Select(g => g.Name)
            .Intersect(after.TargetGroups.Select(g => g.Name))
            .ToHashSet(StringComparer.Ordinal);
        List<string> ours = [.. Compare("target group", Kept(before), Kept(after), g => g.Name, Ours)];
        List<string> configured =
        [
            .. Compare("target group", before.TargetGroups, after.TargetGroups, g => g.Name, Configured),
            .. Compare("listener", before.Listeners, after.Listeners, l => l.Name, Configured),
        ];
        // Listeners have their ports by their order.
        var reordered = configured.Count == 0 && !before.Listeners.SequenceEqual(after.Listeners);
        if (reordered)
        {
            configured.Add("the order of the listeners changes");
        }

        return new([.. ours, .. configured], configured.Count > 0);

        List<TargetGroupSpec> Kept(Manifest manifest) => [.. manifest.TargetGroups.Where(g => kept.Contains(g.Name))];
    }

    private static (string Name, object? Value)[] Configured(TargetGroupSpec group) =>
    [
        ("port", group.Port),
        ("slow start", group.SlowStart),
        ("algorithm", group.Algorithm),
        ("minimum of healthy targets", group.MinimumHealthy),
    ];

    private static (string Name, object? Value)[] Ours(TargetGroupSpec group) =>
    [
        ("deregistration delay", group.DeregistrationDelay),
        ("health check port", group.CheckPort?.ToString(CultureInfo.InvariantCulture) ?? "traffic-port"),
        ("health check path", group.CheckPath),
        ("matcher", group.Matcher),
        ("interval", group.Interval),
        ("timeout", group.Timeout),
        ("healthy threshold", group.HealthyThreshold),
        ("unhealthy threshold", group.UnhealthyThreshold),
    ];

    private static (string Name, object? Value)[] Configured(ListenerSpec listener) =>
    [
        ("port", listener.Port),
        ("target group", listener.TargetGroup),
        ("idle timeout", listener.IdleTimeout),
    ];

    private static IEnumerable<string> Compare<T>(
        string what, IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> name, Func<T, (string Name, object? Value)[]> fields)
        where T : class
    {
        foreach (var (old, now) in Pairs(before, after, name))
        {
            if (old is null || now is null)
            {
                yield return $"{what} {name((old ?? now)!)} {(old is null ? "is new" : "is gone")}";
                continue;
            }

            foreach (var (was, becomes) in fields(old).Zip(fields(now)).Where(pair => !Equals(pair.First.Value, pair.Second.Value)))
            {
                yield return $"{what} {name(old)}: {Differs(was.Name, was.Value, becomes.Value)}";
            }
        }
    }

    private static IEnumerable<(T? Before, T? After)> Pairs<T>(IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> name)
        where T : class =>
        before.Select(name)
            .Union(after.Select(name))
            .Select(n => (before.FirstOrDefault(b => name(b) == n), after.FirstOrDefault(a => name(a) == n)));

    private static string Differs(string what, object? before, object? after) => $"{what} goes from {Text(before)} to {Text(after)}";

    private static string Text(object? value) => value switch
    {
        null => "none",
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
