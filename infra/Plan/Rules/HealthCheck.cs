using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>HC: what the balancer's own health check says, and whether it agrees with the app behind it.</summary>
internal sealed partial class HealthCheck : RuleFamily
{
    /// <inheritdoc />
    public override string Title => "Health check of the balancer";

    /// <inheritdoc />
    public override string Reads =>
        "`aws:lb/targetGroup` (also `aws:alb/*`), GKE `BackendConfig` and `HealthCheckPolicy`, annotations of the AWS Load Balancer Controller on Ingress and Service; behind them Services, Deployments, StatefulSets, DaemonSets, ECS services";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [EveryField, Endpoint, Ranges, Matcher, Budget, SharedFailures, Swiftness, Rollout];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var route in scope.Routes)
        {
            if (route is { Probe: null, TargetGroup: { } group })
            {
                CheckDisabled(group, findings);
            }

            if (route.Probe is { } probe)
            {
                CheckFields(probe, findings);
                CheckNumbers(probe, findings);
                CheckMatcher(probe, route.Contract is not null, findings);
                CheckAgainstContract(route, probe, findings);
                CheckRollout(route, probe, findings);
            }

            HealthEndpoint.CheckBalancer(route, findings);
            Timeliness.Check(route, findings);
            CheckRouting(route, findings);
        }

        foreach (var container in scope.Serving)
        {
            HealthEndpoint.CheckProbes(container, findings);
        }
    }

    private static void CheckFields(BalancerProbe probe, FindingList findings)
    {
        var notice = probe.Defaults is var (interval, _, _, failures) && probe.Interval.Value.IsMissing() && probe.UnhealthyThreshold.Value.IsMissing()
            ? $"{EveryField.Why} With the defaults of today a broken target is noticed after {(interval * failures).Shown()} ({failures} × {interval.Shown()})."
            : null;
        foreach (var field in probe.Settings.Where(field => field.Value.IsMissing()))
        {
            findings.Add(EveryField, field.Resource, field.Path, "not set", "a value of your own", why: notice);
        }
    }

    // Only a function's check may be off.
    private static void CheckDisabled(PlanResource group, FindingList findings)
    {
        if (group.Inputs["targetType"].Text != "lambda" && !group.Inputs["targetType"].IsUnknown())
        {
            findings.Add(EveryField, group, "healthCheck.enabled", "false, so that nothing is checked", "true",
                "Set healthCheck.enabled to true, or leave it out.",
                Severity.Error, "Only a function's health check may be off: Elastic Load Balancing refuses it for instances and addresses.");
        }
    }

    private static void CheckNumbers(BalancerProbe probe, FindingList findings)
    {
        InRange(probe.Interval, probe.Ranges.Interval, "s", findings);
        InRange(probe.Timeout, probe.Ranges.Timeout, "s", findings);
        InRange(probe.HealthyThreshold, probe.Ranges.Threshold, string.Empty, findings);
        InRange(probe.UnhealthyThreshold, probe.Ranges.Threshold, string.Empty, findings);
        if (probe.Timeout.Value.Seconds() is { } timeout && probe.Interval.Value.Seconds() is { } interval)
        {
            findings.Add(Ranges, probe.Resource, probe.Timeout.Path, Invariants.TimeoutBelowInterval(new(probe.Timeout.Path, timeout), new(probe.Interval.Path, interval)));
        }

        Notice.Check(probe, findings);
    }

    private static void InRange(Field field, (double Least, double Most) range, string unit, FindingList findings)
    {
        if (field.Value.Number is { } number)
        {
            findings.Add(Ranges, field.Resource, field.Path, Invariants.WithinRange(new(field.Path, number), range.Least, range.Most, unit));
        }
    }

    private static bool InRange(Field field, (double Least, double Most) range) => field.Value.Number is { } number && number >= range.Least && number <= range.Most;

    private static void CheckAgainstContract(Route route, BalancerProbe probe, FindingList findings)
    {
        if (route.Contract is not { } contract)
        {
            return;
        }

        if (probe.Timeout.Value.Seconds() is { } timeout)
        {
            findings.Add(Budget, probe.Resource, probe.Timeout.Path, Invariants.TimeoutAboveBudget(
                "HC006", new(probe.Timeout.Path, timeout), new("the contract's budget.deadline", contract.Budget.Deadline), contract.Budget.Margin));
        }

        if (probe.IsHttp && probe.Matcher?.Value.Known() is { } matcher
            && StatusCodes.TryParse(matcher, out var codes) && codes.Contains(StatusCodes.Healthy) && !codes.Contains(StatusCodes.Unhealthy)
            && StatusCodes.TryParse(contract.Balancer.HealthyCodes, out var wanted)
            && Enumerable.Range(200, 400).FirstOrDefault(code => codes.Contains(code) != wanted.Contains(code)) is > 0 and var difference)
        {
            findings.Add(Matcher, probe.Resource, probe.Matcher!.Value.Path, $"\"{matcher}\"",
                $"the contract's balancer.healthyCodes, \"{contract.Balancer.HealthyCodes}\" (they differ at {difference})", "Set the matcher to the contract's codes.");
        }
    }

    private static void CheckRollout(Route route, BalancerProbe probe, FindingList findings)
    {
        if (route.Workload is not { IsDeployment: true } workload
            || probe.Interval.Value.Seconds() is not { } interval || probe.HealthyThreshold.Value.Whole() is not { } threshold
            || threshold > 1000 || workload.Resource.Inputs["spec"]["progressDeadlineSeconds"].Seconds(600) is not { } deadline)
        {
            return;
        }

        if (interval * threshold >= deadline)
        {
            findings.Add(Rollout, workload.Resource, "spec.progressDeadlineSeconds", deadline.Shown(),
                $"more than {probe.HealthyThreshold.Path} × {probe.Interval.Path} of {probe.Resource.Name} ({threshold} × {interval.Shown()} = {(interval * threshold).Shown()})");
        }
    }

    private static void CheckRouting(Route route, FindingList findings)
    {
        if (route is not { Contract: { } contract, Workload: { } workload } || !contract.Dependencies.Any(SharedAndRequired))
        {
            return;
        }

        var dependency = contract.Dependencies.First(SharedAndRequired).Name;
        var text = workload.Plan.ContractTextOf(workload.Resource);
        if (text is not null && EmbeddedJson.Parse(text) is { Exists: true } written && written["routing"]["onSharedFailure"].IsMissing())
        {
            findings.Add(SharedFailures, workload.Resource, string.Empty, "a contract that does not say routing.onSharedFailure",
                $"the choice written down, because \"{dependency}\" is required and shared", "Write the whole contract, with routing.onSharedFailure, into CANDOR_CONTRACT.");
        }

        if (route.TargetGroup is { } group)
        {
            const string Path = "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount";
            var minimum = group.Inputs["targetGroupHealth"]["unhealthyStateRouting"]["minimumHealthyTargetsCount"];
            if (!minimum.IsUnknown() && minimum.Whole() != contract.Routing.MinimumHealthyTargets)
            {
                findings.Add(SharedFailures, group, Path, minimum.Shown(),
                    $"the contract's routing.minimumHealthyTargets ({contract.Routing.MinimumHealthyTargets}), because \"{dependency}\" is required and shared");
            }
        }

        CheckScope(route, contract, findings);
        CheckEjection(route, contract, dependency, findings);
    }

    // What users lose by a choice that takes every instance out at once; a stack that wants it all the same waives the rule with its reason.
    private static void CheckEjection(Route route, HealthContract contract, string dependency, FindingList findings)
    {
        var chosen = contract.Routing.OnSharedFailure;
        var failsOpen = route.TargetGroup is not null;
        if (chosen == SharedFailure.Report || (chosen == SharedFailure.BalancerOnly && (failsOpen || route.Probe is null)))
        {
            return;
        }

        findings.Add(
            SharedFailures,
            route.Workload!.Resource,
            $"{Workloads.ContractVariable}.routing.onSharedFailure",
            chosen == SharedFailure.Eject ? "\"eject\"" : "\"balancerOnly\"",
            failsOpen ? "\"balancerOnly\", or a waiver with the reason" : "\"report\", or a waiver with the reason",
            failsOpen
                ? "Choose balancerOnly: the balancer still takes a single broken instance out, and sends to all when all fail."
                : "Choose report: alerts fire, and what still works continues to be served.",
            why: failsOpen
                ? $"When {dependency} fails, every pod turns unready at once and is deregistered: the balancer has nothing left to fail open to, "
                    + "and what still worked is lost with what did not."
                : $"When {dependency} fails, every instance is taken out at once, and this balancer does not fail open: every request is an error.");
    }

    private static void CheckScope(Route route, HealthContract contract, FindingList findings)
    {
        var local = contract.Paths.Readiness + HealthEndpoint.LocalScope;
        var wanted = contract.Routing.KubernetesPath(contract.Paths.Readiness);
        if (route.Container?.Readiness is { HttpPath: { } asked } readiness && HealthEndpoint.PathOf(asked) == contract.Paths.Readiness && asked != wanted)
        {
            findings.Add(SharedFailures, readiness.Resource, $"{readiness.Path}.httpGet.path", $"\"{asked}\"",
                $"\"{wanted}\", because the contract's routing.onSharedFailure is {contract.Routing.OnSharedFailure}", $"Ask {wanted}, or choose another routing in the contract.");
        }

        if (route.Probe is { IsHttp: true } probe && probe.Path.Value.Known() == local)
        {
            findings.Add(SharedFailures, probe.Resource, probe.Path.Path, $"\"{local}\"", $"\"{contract.Paths.Readiness}\", with every dependency",
                $"Ask {contract.Paths.Readiness}.");
        }
    }

    private static bool SharedAndRequired(Dependency dependency) =>
        dependency is { Importance: DependencyImportance.Required, Scope: DependencyScope.Shared };
}
