namespace Candor.Local;

/// <summary>What another Plan changes of target groups and listeners, told apart into what a running balancer takes over and what it cannot.</summary>
/// <param name="Taken">What it takes over, in words.</param>
/// <param name="Refused">What it cannot, in words.</param>
internal sealed record BalancerChange(IReadOnlyList<string> Taken, IReadOnlyList<string> Refused)
{
    /// <summary>The difference of two Plans.</summary>
    public static BalancerChange Between(Manifest before, Manifest after)
    {
        var taken = new List<string>();
        var refused = new List<string>();
        foreach (var name in before.TargetGroups.Select(g => g.Name).Union(after.TargetGroups.Select(g => g.Name)))
        {
            var (old, now) = (before.TargetGroups.FirstOrDefault(g => g.Name == name), after.TargetGroups.FirstOrDefault(g => g.Name == name));
            if (old is null || now is null)
            {
                refused.Add($"target group {name} {(old is null ? "is new" : "is gone")}");
                continue;
            }

            if (old.DeregistrationDelay != now.DeregistrationDelay)
            {
                taken.Add($"target group {name}: {Differs("deregistration delay", old.DeregistrationDelay, now.DeregistrationDelay)}");
            }

            refused.AddRange(Fixed(old).Zip(Fixed(now)).Where(pair => !Equals(pair.First.Value, pair.Second.Value))
                .Select(pair => $"target group {name}: {Differs(pair.First.Name, pair.First.Value, pair.Second.Value)}"));
        }

        if (!before.Listeners.SequenceEqual(after.Listeners))
        {
            refused.AddRange(after.Listeners.Except(before.Listeners).Select(l => $"listener {l.Name} is new or another"));
            refused.AddRange(before.Listeners.Where(l => !after.Listeners.Any(a => a.Name == l.Name)).Select(l => $"listener {l.Name} is gone"));
        }

        return new(taken, refused);
    }

    /// <summary>What stands in HAProxy's configuration, which it reads once.</summary>
    private static (string Name, object? Value)[] Fixed(TargetGroupSpec group) =>
    [
        ("port", group.Port),
        ("health check port", group.CheckPort),
        ("health check path", group.CheckPath),
        ("matcher", group.Matcher),
        ("interval", group.Interval),
        ("timeout", group.Timeout),
        ("healthy threshold", group.HealthyThreshold),
        ("unhealthy threshold", group.UnhealthyThreshold),
        ("slow start", group.SlowStart),
        ("algorithm", group.Algorithm),
        ("minimum of healthy targets", group.MinimumHealthy),
    ];

    private static string Differs(string what, object? before, object? after) => $"{what} goes from {Text(before)} to {Text(after)}";

    private static string Text(object? value) => value switch
    {
        null => "none",
        TimeSpan time => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"),
    };
}
