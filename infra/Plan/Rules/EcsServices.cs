using System.Globalization;
using System.Text.RegularExpressions;

namespace Candor.Planning.Rules;

/// <summary>EC: ECS services, their tasks and the balancer before them.</summary>
internal sealed partial class EcsServices : RuleFamily
{
    /// <inheritdoc />
    public override string Title => "ECS services";

    /// <inheritdoc />
    public override string Reads =>
        "`aws:ecs/service` (also the children of `awsx:ecs:*`), `aws:ecs/taskDefinition` with its container definitions, `aws:appautoscaling/target`, target groups, listeners";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Redundant, Grace, AfterListener, Stopping, Breaker, Wired, Serving, Checked];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var service in scope.Targets.Ecs)
        {
            CheckTasks(service, findings);
            CheckDeployment(service, findings);
            CheckHealth(service, findings);
            foreach (var entry in service.Entries)
            {
                CheckEntry(scope, service, entry, findings);
            }
        }
    }

    private static void CheckTasks(EcsService service, FindingList findings)
    {
        var field = service.TasksField;
        if (service.Tasks is { } tasks && tasks < 2)
        {
            findings.Add(Redundant, field.Resource, field.Path, field.Value.IsMissing() ? "not set (0)" : field.Value.Shown(), "at least 2",
                severity: service.Entries.Count > 0 ? null : Severity.Warning);
        }

        var percent = service.Resource.Inputs["deploymentMinimumHealthyPercent"];
        if (service.Entries.Count > 0 && service.Tasks is { } desired and > 0 && percent.Whole() is { } share && Math.Ceiling(desired * share / 100.0) < 1)
        {
            findings.Add(Serving, service.Resource, "deploymentMinimumHealthyPercent",
                string.Create(CultureInfo.InvariantCulture, $"{share} (of {desired} task{(desired == 1 ? string.Empty : "s")} none need stay)"), "a share that leaves at least one task");
        }
    }

    private static void CheckDeployment(EcsService service, FindingList findings)
    {
        var inputs = service.Resource.Inputs;
        var breaker = inputs["deploymentCircuitBreaker"];
        if (inputs["deploymentController"]["type"].Known() is "CODE_DEPLOY" or "EXTERNAL" || service.IsDaemon || breaker.HasUnknown()
            || (breaker["enable"].Boolean == true && breaker["rollback"].Boolean == true)
            || (inputs["alarms"]["enable"].Boolean == true && inputs["alarms"]["rollback"].Boolean == true))
        {
            return;
        }

        findings.Add(Breaker, service.Resource, "deploymentCircuitBreaker", breaker.Shown(), "enable and rollback true");
    }

    private static void CheckHealth(EcsService service, FindingList findings)
    {
        if (service.Containers.Count > 0 && service.Entries.Count == 0 && service.Resource.Inputs["loadBalancers"].IsMissing()
            && !service.Containers.Any(container => container is { IsEssential: true, HasHealthCheck: true }))
        {
            findings.Add(Checked, service.Task, "containerDefinitions", "without a healthCheck", "one in an essential container, because no target group asks either");
        }

        foreach (var container in service.Containers)
        {
            var command = string.Join(' ', container.Value["healthCheck"]["command"].Items.Select(item => item.Text));
            if (container.Ports.Count > 0 && LocalUrl().Match(command) is { Success: true } url
                && int.TryParse(url.Groups["port"].ValueSpan, CultureInfo.InvariantCulture, out var port)
                && !service.Containers.Any(other => other.Ports.Contains(port)))
            {
                findings.Add(Checked, service.Task, $"{container.Path}.healthCheck.command", $"about port {port}",
                    $"a port that the container maps ({string.Join(", ", container.Ports)})",
                    why: "The check fails for as long as nobody listens there, and ECS stops every task.");
            }
        }
    }

    private static void CheckEntry(LintScope scope, EcsService service, EcsTarget entry, FindingList findings)
    {
        CheckWiring(service, entry, findings);
        if (entry.Group is not { } group)
        {
            return;
        }

        CheckGrace(service, group, findings);
        CheckListener(scope, service, group, findings);
        if (entry.Container is { StopTimeout: { } stop } container && group.Inputs["deregistrationDelay"].Seconds(300) is { } delay && stop < delay)
        {
            var isSet = container.Value["stopTimeout"].Exists;
            findings.Add(Stopping, service.Task, $"{container.Path}.stopTimeout", isSet ? stop.Shown() : $"not set ({stop.Shown()})",
                $"at least the deregistrationDelay of {group.Name} ({(group.Inputs["deregistrationDelay"].IsMissing() ? "not set, " : string.Empty)}{delay.Shown()})");
        }
    }

    private static void CheckGrace(EcsService service, PlanResource group, FindingList findings)
    {
        var grace = service.Resource.Inputs["healthCheckGracePeriodSeconds"];
        if (grace.IsUnknown() || grace.Number > 0 || BalancerProbe.OfTargetGroup(group) is not { } probe
            || probe.Interval.Value.Seconds(probe.Defaults.Interval) is not { } interval || probe.UnhealthyThreshold.Value.Whole(probe.Defaults.Unhealthy) is not { } failures
            || failures > 1000)
        {
            return;
        }

        findings.Add(Grace, service.Resource, "healthCheckGracePeriodSeconds", grace.IsMissing() ? "not set (0s)" : "0s",
            $"more than the slowest start; the balancer finds the target unhealthy after {(interval * failures).Shown()} ({failures} × {interval.Shown()})");
    }

    private static void CheckListener(LintScope scope, EcsService service, PlanResource group, FindingList findings)
    {
        var forwarding = scope.Balancers.ForwardersOf(group);
        if (forwarding.Count == 0 || IsAfter(scope.Plan, service.Resource, forwarding))
        {
            return;
        }

        findings.Add(AfterListener, service.Resource, "dependsOn", "nothing about a listener", $"the listener {forwarding[0].Name}, which forwards to {group.Name}");
    }

    // Through a component that it waits for, or one of the listener's parents.
    private static bool IsAfter(Plan plan, PlanResource service, IReadOnlyList<PlanResource> listeners)
    {
        var waits = service.DependsOn.ToHashSet(StringComparer.Ordinal);
        for (var parent = service.Parent; parent is not null && plan.Index.Find(parent) is { } found; parent = found.Parent)
        {
            waits.UnionWith(found.DependsOn);
        }

        return listeners.Any(listener => waits.Contains(listener.Urn) || (listener.Parent is { } parent && waits.Contains(parent)));
    }

    private static void CheckWiring(EcsService service, EcsTarget entry, FindingList findings)
    {
        if (service.Containers.Count > 0 && entry.Value["containerName"].Known() is { } name)
        {
            if (entry.Container is not { } container)
            {
                findings.Add(Wired, service.Resource, $"{entry.Path}.containerName", $"\"{name}\"",
                    $"a container of the task definition: {string.Join(", ", service.Containers.Select(candidate => candidate.Name))}");
            }
            else if (entry.Port is { } port && !container.Ports.Contains(port) && !container.Value["portMappings"].HasUnknown())
            {
                findings.Add(Wired, service.Resource, $"{entry.Path}.containerPort", $"{port}",
                    container.Ports.Count == 0 ? $"a port that container {name} maps (it maps none)" : $"a port that container {name} maps ({string.Join(", ", container.Ports)})");
            }
        }

        if (entry.Group is { } group && service.HasOwnAddress && !group.Inputs["targetType"].IsUnknown() && group.Inputs["targetType"].Text != "ip")
        {
            findings.Add(Wired, group, "targetType", group.Inputs["targetType"].IsMissing() ? "not set (\"instance\")" : group.Inputs["targetType"].Shown(),
                "\"ip\", because each task has an address of its own");
        }
    }

    [GeneratedRegex(@"https?://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(?<port>\d{1,5})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LocalUrl();
}
