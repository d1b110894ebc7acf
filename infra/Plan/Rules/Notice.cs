namespace Candor.Planning.Rules;

/// <summary>HC008: after how long a balancer notices that a target is broken, by the numbers of its own check.</summary>
internal static class Notice
{
    /// <summary>Above this users fail for longer than anybody waits.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

    /// <summary>Below this most users wait and try again.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    internal static void Check(BalancerProbe probe, FindingList findings)
    {
        // HC001 tells of a check that leaves both to the defaults, HC003 of numbers that no balancer takes.
        var isSet = !(probe.Interval.Value.IsMissing() && probe.UnhealthyThreshold.Value.IsMissing());
        if (!isSet || !probe.IsInRange || probe.Interval.Value.Seconds(probe.Defaults.Interval) is not { } interval
            || probe.UnhealthyThreshold.Value.Whole(probe.Defaults.Unhealthy) is not { } failures)
        {
            return;
        }

        var isSlow = interval > LongestInterval && probe.Interval.Value.Exists;
        var isOdd = failures is < 2 or > 3 && probe.UnhealthyThreshold.Value.Exists;
        if (!isSlow && !isOdd)
        {
            return;
        }

        var after = interval * failures;
        var notice = $"so that a broken target is noticed after {after.Shown()} ({failures} × {interval.Shown()})";
        var severity = SeverityOf(after, failures, findings.HasContract);
        if (isSlow && isOdd)
        {
            findings.Add(HealthCheck.Swiftness, probe.Resource, probe.Interval.Path, $"{interval.Shown()} and {probe.UnhealthyThreshold.Path} {failures}, {notice}",
                "at most 10s, and 2 or 3", severity: severity);
        }
        else if (isSlow)
        {
            findings.Add(HealthCheck.Swiftness, probe.Resource, probe.Interval.Path, $"{interval.Shown()}, {notice}", "at most 10s", severity: severity);
        }
        else
        {
            findings.Add(HealthCheck.Swiftness, probe.Resource, probe.UnhealthyThreshold.Path,
                failures < 2 ? $"{failures}, so that one lost probe ejects a target" : $"{failures}, {notice}", "2 or 3", severity: severity);
        }
    }

    private static Severity SeverityOf(TimeSpan after, int failures, bool hasContract) =>
        after >= Never ? Severity.Error
        : after > Soon || failures < 2 || hasContract ? Severity.Warning
        : Severity.Note;
}
