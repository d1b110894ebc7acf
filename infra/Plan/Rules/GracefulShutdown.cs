using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>GS: whether a pod that leaves serves for as long as the balancer still sends.</summary>
internal sealed partial class GracefulShutdown : RuleFamily
{
    /// <summary>
    /// What passes at least between the end of a pod and the last request that somebody sends to it: the endpoint is removed, the proxies
    /// and the balancer's controller hear of it, and the balancer takes the target out.
    /// </summary>
    private static readonly TimeSpan Propagation = TimeSpan.FromSeconds(5);

    /// <summary>How long Google's load balancer keeps an idle connection; nobody can set it.</summary>
    private static readonly TimeSpan GoogleIdleTimeout = TimeSpan.FromSeconds(600);

    /// <inheritdoc />
    public override string Title => "Graceful shutdown";

    /// <inheritdoc />
    public override string Reads =>
        "pod templates behind a Service, target groups, `BackendConfig`, balancers' idle timeout";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Leaving, Grace, Deregistration, KeepAlive, ShellPreStop];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var route in scope.Routes.Where(route => route.Workload is not null))
        {
            CheckLeaving(route, route.Workload!, findings);
            CheckDeregistration(route, route.Workload!, findings);
            CheckKeepAlive(route, findings);
        }

        foreach (var workload in scope.Routed)
        {
            CheckGrace(workload, findings);
        }

        foreach (var container in scope.Serving.Where(container => !KnownPorts.IsServer(container)))
        {
            CheckStopping(scope, container, findings);
        }

        foreach (var container in scope.Workloads.All.SelectMany(workload => workload.Containers))
        {
            CheckShell(container, findings);
        }
    }

    private static void CheckLeaving(Route route, Workload workload, FindingList findings)
    {
        if (route is not { DeregistrationDelay: { } delay, DeregistrationField: { } field, Container: { } container } || PreStop(container) is not { } preStop)
        {
            return;
        }

        if (workload.Contract is { } contract)
        {
            var hold = contract.Drain.Hold;
            findings.Add(Leaving, workload.Resource, $"{container.Path}.lifecycle.preStop", Invariants.HoldCoversDeregistration(
                new($"preStop ({preStop.Shown()}) + the contract's drain.hold ({hold.Shown()})", preStop + hold),
                new("the contract's drain.propagation", contract.Drain.Propagation),
                new(field.Name, delay)));
        }
    }

    /// <summary>
    /// Without a contract nothing says that an app goes on serving after SIGTERM, and nearly none does. What must pass before is the time
    /// until nobody sends any more: a balancer sends no new request to a target that is deregistering, and waits for those in flight only
    /// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay">
    /// deregistration delay</see>), so that its delay is no part of it.
    /// </summary>
    private static void CheckStopping(LintScope scope, Container container, FindingList findings)
    {
        var workload = container.Workload;
        if (!workload.IsDeployment || workload.IsGivenContract || workload.Contract is not null || PreStop(container) is not { } preStop
            || preStop >= Propagation || workload.Resource.Inputs["spec"]["strategy"]["type"].Text == "Recreate")
        {
            return;
        }

        var isRouted = scope.IsRouted(workload);
        findings.Add(
            Leaving,
            workload.Resource,
            $"{container.Path}.lifecycle.preStop",
            preStop == TimeSpan.Zero ? "not set, so that the server stops at SIGTERM" : preStop.Shown(),
            $"a sleep of at least {Propagation.Shown()}, until {(isRouted ? "the balancer" : "every node")} no longer sends to the pod",
            "Add lifecycle.preStop.sleep, or let the app go on serving after SIGTERM and waive the rule.",
            isRouted ? Severity.Error : Severity.Warning,
            "In every rollout, requests are sent to servers that have stopped already, and fail.");
    }

    private static void CheckGrace(Workload workload, FindingList findings)
    {
        if (workload.Grace is not { } grace)
        {
            return;
        }

        var field = workload.GraceField;
        foreach (var container in workload.Containers)
        {
            if (PreStop(container) is not { } preStop)
            {
                continue;
            }

            if (workload.Contract is { } contract)
            {
                findings.Add(Grace, workload.Resource, field.Path, Invariants.GraceCoversDrain(
                    new(field.Path, grace),
                    new($"preStop ({preStop.Shown()}) + the contract's drain.hold ({contract.Drain.Hold.Shown()})", preStop + contract.Drain.Hold),
                    new("the contract's drain.requestTimeout", contract.Drain.RequestTimeout),
                    contract.Drain.Margin));
            }
            else if (grace <= preStop)
            {
                findings.Add(Grace, workload.Resource, field.Path, grace.Shown(), $"more than {container.Path}.lifecycle.preStop ({preStop.Shown()})");
            }
        }
    }

    private static void CheckDeregistration(Route route, Workload workload, FindingList findings)
    {
        if (route is not { DeregistrationDelay: { } delay, DeregistrationField: { } field })
        {
            return;
        }

        if (workload.Contract is { } contract)
        {
            findings.Add(Deregistration, field.Resource, field.Path, Invariants.DeregistrationCoversRequest(
                new(field.Path, delay), new("the contract's drain.requestTimeout", contract.Drain.RequestTimeout)));
        }

        if (workload.Grace is { } grace)
        {
            findings.Add(Deregistration, field.Resource, field.Path, Invariants.DeregistrationWithinGrace(
                new(field.Path, delay), new(workload.GraceField.Name, grace)));
        }
    }

    private static void CheckKeepAlive(Route route, FindingList findings)
    {
        if (route.Contract is not { } contract)
        {
            return;
        }

        var keepAlive = new Named<TimeSpan>("the contract's balancer.keepAlive", contract.Balancer.KeepAlive);
        foreach (var balancer in route.Balancers)
        {
            if (balancer.Inputs["loadBalancerType"].Text is null or "application" && balancer.Inputs["idleTimeout"].Seconds(60) is { } idle)
            {
                findings.Add(KeepAlive, balancer, "idleTimeout", Invariants.KeepAliveOutlastsIdleTimeout(keepAlive, new("idleTimeout", idle)));
                if (idle < contract.Drain.RequestTimeout)
                {
                    findings.Add(KeepAlive, balancer, "idleTimeout", idle.Shown(), $"at least the contract's drain.requestTimeout ({contract.Drain.RequestTimeout.Shown()})",
                        "Raise the idle timeout.", why: "The balancer would answer 504 to a long request that the app is still working on.");
                }
            }
        }

        if (route is { Kind: BalancerKind.Gke, Ingress: { } ingress })
        {
            findings.Add(KeepAlive, ingress, string.Empty, Invariants.KeepAliveOutlastsIdleTimeout(keepAlive, new("Google's fixed idle timeout", GoogleIdleTimeout)));
        }
    }

    private static void CheckShell(Container container, FindingList findings)
    {
        var command = container.Value["lifecycle"]["preStop"]["exec"]["command"].Items.Select(item => item.Text).OfType<string>().ToList();
        if (command.Count == 0)
        {
            return;
        }

        var program = command[0].Split('/')[^1];
        var path = $"{container.Path}.lifecycle.preStop.exec";
        if (SleepOf(command) is { } sleep)
        {
            findings.Add(ShellPreStop, container.Workload.Resource, path, $"a command that sleeps {sleep.Shown()}", "the sleep action, which needs no program in the image",
                $"Use lifecycle.preStop.sleep.seconds: {sleep.TotalSeconds:0}.");
        }
        else if (program is "sh" or "bash" or "ash" && container.Value["image"].Known() is { } image && ImagesWithoutShell().IsMatch(image))
        {
            findings.Add(ShellPreStop, container.Workload.Resource, path, $"\"{program}\"", $"a program that the image has (\"{image}\" has no shell)");
        }
    }

    /// <summary>How long a container's preStop takes: its sleep, zero without one, null when it cannot be told.</summary>
    private static TimeSpan? PreStop(Container container)
    {
        var hook = container.Value["lifecycle"]["preStop"];
        if (hook.IsMissing())
        {
            return container.Value["lifecycle"].IsUnknown() ? null : TimeSpan.Zero;
        }

        return hook["sleep"].Exists
            ? hook["sleep"]["seconds"].Seconds()
            : SleepOf([.. hook["exec"]["command"].Items.Select(item => item.Text ?? string.Empty)]);
    }

    private static TimeSpan? SleepOf(IReadOnlyList<string> command)
    {
        var match = SleepCommand().Match(string.Join(' ', command));
        return match.Success && double.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    [GeneratedRegex(@"^(?:\S*sh -c )?(?:\S*/)?sleep (\d+(?:\.\d+)?)s?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SleepCommand();

    [GeneratedRegex("distroless|chiseled|/scratch", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ImagesWithoutShell();
}
