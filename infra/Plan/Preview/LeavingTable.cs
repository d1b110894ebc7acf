using Candor.Contract;

namespace Candor.Planning;

/// <summary>How an instance of one workload drains and how requests are routed: the contract's settings, and each part's.</summary>
internal static class LeavingTable
{
    private static readonly string[] Columns = ["setting", "contract", "declared", "by"];

    internal static ReportTable Of(Plan plan, PlanResource workload, HealthContract? contract)
    {
        List<IReadOnlyList<ReportCell>?> rows =
        [
            .. Balancer(plan, workload, contract),
            .. Pod(plan, workload, contract),
            Row("hold after SIGTERM", Time(contract?.Drain.Hold), null, "app"),
            Row("request timeout", Time(contract?.Drain.RequestTimeout), null, "app"),
            Row("keep-alive", Time(contract?.Balancer.KeepAlive), null, "app"),
            Row("on a shared failure", contract?.Routing.OnSharedFailure.Describe(), null, "app and probes"),
        ];
        return new($"{workload.KubernetesName}: leaving and routing", Columns, [.. rows.OfType<IReadOnlyList<ReportCell>>()]);
    }

    // Only what can be set on the balancer in front of the workload.
    private static IEnumerable<IReadOnlyList<ReportCell>?> Balancer(Plan plan, PlanResource workload, HealthContract? contract)
    {
        var drain = Time(contract?.Drain.DeregistrationDelay);
        if (plan.TargetGroupsOf(workload).FirstOrDefault()?.Inputs is { } group)
        {
            var failOpen = group["targetGroupHealth"]["unhealthyStateRouting"]["minimumHealthyTargetsCount"];
            yield return Row("deregistration delay", drain, Seconds(group["deregistrationDelay"]), "target group");
            yield return Row("fails open below", contract is null ? null : $"{contract.Routing.MinimumHealthyTargets} healthy", Healthy(failOpen), "target group");
            yield return Row("contract hash", Hash(plan, workload, contract), group["tags"][ContractHash.Tag].Text, "target group");
        }
        else if (BackendConfig.Of(plan, workload)?.Inputs is { } backend)
        {
            yield return Row("deregistration delay", drain, Seconds(backend["spec"]["connectionDraining"]["drainingTimeoutSec"]), "BackendConfig");
        }

        if (plan.Index.OfType(ResourceTypes.LoadBalancer).FirstOrDefault()?.Inputs is { } balancer)
        {
            yield return Row("idle timeout", Time(contract?.Balancer.IdleTimeout), Seconds(balancer["idleTimeout"]), "load balancer");
        }
    }

    private static IEnumerable<IReadOnlyList<ReportCell>?> Pod(Plan plan, PlanResource workload, HealthContract? contract)
    {
        var preStop = workload.Containers().FirstOrDefault()["lifecycle"]["preStop"]["sleep"]["seconds"];
        yield return Row("preStop sleep", contract?.Drain.PreStop > TimeSpan.Zero ? Time(contract.Drain.PreStop) : null, Seconds(preStop), "container");
        yield return Row("termination grace", Time(contract?.Drain.TerminationGrace), Seconds(workload.PodSpec()["terminationGracePeriodSeconds"]), "pod");
        yield return Row("contract hash", Hash(plan, workload, contract), workload.PodAnnotations()[ContractHash.Annotation].Text, "pod");
    }

    // Of the text that the workload is given, which another version than this may have written.
    private static string? Hash(Plan plan, PlanResource workload, HealthContract? contract) =>
        plan.ContractOf(workload) is not null && plan.ContractTextOf(workload) is { } text ? ContractHash.OfText(text) : contract is null ? null : ContractHash.Of(contract);

    private static IReadOnlyList<ReportCell>? Row(string name, string? wanted, string? found, string by) => (wanted, found) switch
    {
        (null, null) => null,
        (null, _) => [name, ReportCell.Nothing, found, by],
        // What only the app does is nowhere declared but in the contract it is given.
        (_, null) when by.StartsWith("app", StringComparison.Ordinal) => [name, wanted, new("from the contract", Tone.Muted), by],
        (_, null) => [name, wanted, new("not set", Tone.Warning), by],
        _ => [name, wanted, wanted == found ? new(found, Tone.Good) : new($"{found} ≠ {wanted}", Tone.Bad), by],
    };

    private static string? Time(TimeSpan? time) => time is { } some ? DurationText.Format(some) : null;

    private static string? Seconds(PlanValue value) => value.Number is { } seconds and >= 0 and < 1e9 ? DurationText.Format(TimeSpan.FromSeconds(seconds)) : null;

    private static string? Healthy(PlanValue value) => value.Exists ? $"{value.Text ?? value.ToString()} healthy" : null;
}
