using System.Globalization;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>The settings of one prober, in the order of <see cref="Names"/>; null for what is not set or does not apply.</summary>
/// <param name="Exists">Whether there is such a prober.</param>
/// <param name="Values">The values as text, durations with their unit.</param>
internal sealed record ProberSettings(bool Exists, IReadOnlyList<string?> Values)
{
    /// <summary>The settings, in words that hold for every prober.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        ["path", "port", "interval", "timeout", "failures until unhealthy", "successes until healthy", "initial delay", "healthy codes"];

    private static ProberSettings None { get; } = new(false, new string?[Names.Count]);

    /// <summary>The contract's settings for balancer, readiness, liveness and startup.</summary>
    internal static IReadOnlyList<ProberSettings> OfContract(HealthContract contract)
    {
        var balancer = contract.Balancer;
        var readiness = contract.Routing.KubernetesPath(contract.Paths.Readiness);
        return
        [
            new(true,
            [
                contract.Paths.Readiness, Whole(contract.Port), DurationText.Format(balancer.Interval), DurationText.Format(balancer.Timeout),
                Whole(balancer.UnhealthyThreshold), Whole(balancer.HealthyThreshold), null, balancer.HealthyCodes,
            ]),
            OfContract(contract.Readiness, readiness, contract.Port),
            OfContract(contract.Liveness, contract.Paths.Liveness, contract.Port),
            OfContract(contract.Startup, contract.Paths.Startup, contract.Port),
        ];
    }

    /// <summary>The settings of the target group, or of GKE's BackendConfig, in front of the workload.</summary>
    internal static ProberSettings OfBalancer(Plan plan, PlanResource workload)
    {
        if (plan.TargetGroupsOf(workload).FirstOrDefault()?.Inputs is { } group)
        {
            var check = group["healthCheck"];
            return new(true,
            [
                check["path"].Text, Text(check["port"]), Seconds(check["interval"]), Seconds(check["timeout"]),
                Text(check["unhealthyThreshold"]), Text(check["healthyThreshold"]), null, check["matcher"].Text,
            ]);
        }

        if (BackendConfig.Of(plan, workload) is not { } backend)
        {
            return None;
        }

        var probe = backend.Inputs["spec"]["healthCheck"];
        return new(true,
        [
            probe["requestPath"].Text, Text(probe["port"]), Seconds(probe["checkIntervalSec"]), Seconds(probe["timeoutSec"]),
            Text(probe["unhealthyThreshold"]), Text(probe["healthyThreshold"]), null, BackendConfig.HealthyCode,
        ]);
    }

    /// <summary>The settings of a container's probe.</summary>
    internal static ProberSettings OfProbe(PlanValue container, string name)
    {
        var probe = container[name];
        if (!probe.Exists)
        {
            return None;
        }

        var get = probe["httpGet"];
        return new(true,
        [
            get["path"].Text, Port(container, get["port"]), Seconds(probe["periodSeconds"]), Seconds(probe["timeoutSeconds"]),
            Text(probe["failureThreshold"]), Text(probe["successThreshold"]), Seconds(probe["initialDelaySeconds"]), null,
        ]);
    }

    private static ProberSettings OfContract(ProbeSettings probe, string path, int port) => new(true,
    [
        path, Whole(port), DurationText.Format(probe.Period), DurationText.Format(probe.Timeout),
        Whole(probe.FailureThreshold), Whole(probe.SuccessThreshold), DurationText.Format(probe.InitialDelay), null,
    ]);

    private static string? Port(PlanValue container, PlanValue port) =>
        port.Text is { } name && port.Number is null
            ? Workloads.PortNumber(container, port) is { } number ? $"{name} ({number})" : $"{name} (not declared)"
            : Text(port);

    private static string? Text(PlanValue value) => value.Text ?? (value.Exists ? value.ToString() : null);

    private static string? Seconds(PlanValue value) =>
        value.Number is { } seconds and >= 0 and < 1e9 ? DurationText.Format(TimeSpan.FromSeconds(seconds)) : Text(value);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
