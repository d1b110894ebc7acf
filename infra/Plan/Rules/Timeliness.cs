using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>HC008: whether the probers of a Plan notice as soon as the contract's timeline promises.</summary>
internal static class Timeliness
{
    /// <summary>The rows that the probers alone decide; those of the drain are the business of GS001 to GS003.</summary>
    private static readonly (string Key, string? Probe)[] Rows =
    [
        ("balancerNoticesFailure", null),
        ("balancerNoticesRecovery", null),
        ("readinessNoticesFailure", "readinessProbe"),
        ("readinessNoticesRecovery", "readinessProbe"),
        ("livenessNoticesFailure", "livenessProbe"),
        ("startupGivesUp", "startupProbe"),
    ];

    internal static void Check(Route route, FindingList findings)
    {
        if (route is not { Contract: { } contract, Container: { } container } || Effective(route, container, contract) is not { } effective)
        {
            return;
        }

        var promised = ContractTimeline.Of(contract, RolloutShape.Default).Rows.ToDictionary(row => row.Key, StringComparer.Ordinal);
        var real = ContractTimeline.Of(effective, RolloutShape.Default).Rows.ToDictionary(row => row.Key, StringComparer.Ordinal);
        foreach (var (key, probe) in Rows)
        {
            if (real[key].Window.Worst > promised[key].Window.Worst)
            {
                var (resource, path) = probe is null && route.Probe is { } balancer
                    ? (balancer.Resource, balancer.Interval.Path[..balancer.Interval.Path.LastIndexOf('.')])
                    : (container.Workload.Resource, $"{container.Path}.{probe}");
                findings.Add(HealthCheck.Swiftness, resource, path, $"such that it takes {real[key].Window} until the {Subject(promised[key].Title)}",
                    $"at most the contract's {promised[key].Window}", "Take interval, timeout and thresholds from the contract.",
                    why: "The timeline that the stack exports, and on which alarms and people rely, would not be true.");
            }
        }
    }

    private static string Subject(string title) => title.StartsWith("kubelet", StringComparison.Ordinal) || title.StartsWith("balancer", StringComparison.Ordinal) ? title : $"moment that {title}";

    /// <summary>The contract with the numbers that the Plan's probers really have; null when one makes no sense, of which other rules tell.</summary>
    private static HealthContract? Effective(Route route, Container container, HealthContract contract)
    {
        var effective = contract with
        {
            Readiness = Of(container.Readiness, contract.Readiness),
            Liveness = Of(container.Liveness, contract.Liveness),
            Startup = Of(container.Startup, contract.Startup),
        };
        if (route.Probe is { } probe && probe.IsAcceptable)
        {
            effective = effective with
            {
                Balancer = contract.Balancer with
                {
                    Interval = probe.Interval.Value.Seconds() ?? contract.Balancer.Interval,
                    Timeout = probe.Timeout.Value.Seconds() ?? contract.Balancer.Timeout,
                    HealthyThreshold = probe.HealthyThreshold.Value.Whole() ?? contract.Balancer.HealthyThreshold,
                    UnhealthyThreshold = probe.UnhealthyThreshold.Value.Whole() ?? contract.Balancer.UnhealthyThreshold,
                },
            };
        }

        ProbeSettings[] probes = [effective.Readiness, effective.Liveness, effective.Startup];
        var longest = TimeSpan.FromDays(1);
        return effective.Balancer is { Interval: var interval, Timeout: var timeout, HealthyThreshold: > 0 and < 100, UnhealthyThreshold: > 0 and < 100 }
            && interval < longest && timeout < longest
            && probes.All(one => one.Period < longest && one.Timeout < longest && one.InitialDelay < longest && one is { FailureThreshold: > 0 and < 10_000, SuccessThreshold: > 0 and < 10_000 })
                ? effective
                : null;
    }

    private static ProbeSettings Of(Probe? probe, ProbeSettings promised) => probe is null
        ? promised
        : promised with
        {
            InitialDelay = probe.InitialDelay ?? promised.InitialDelay,
            Period = probe.Period ?? promised.Period,
            Timeout = probe.TimeoutSeconds ?? promised.Timeout,
            FailureThreshold = probe.FailureThreshold ?? promised.FailureThreshold,
            SuccessThreshold = probe.SuccessThreshold ?? promised.SuccessThreshold,
        };
}
