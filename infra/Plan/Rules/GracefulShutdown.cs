using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>GS: whether a pod that leaves serves for as long as the balancer still sends.</summary>
internal sealed partial class GracefulShutdown : RuleFamily
{
    /// <summary>How long Google's load balancer keeps an idle connection; nobody can set it.</summary>
    private static readonly TimeSpan GoogleIdleTimeout = TimeSpan.FromSeconds(600);

    /// <inheritdoc />
    public override string Title => "Graceful shutdown";

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

        if (workload is { Contract: null, IsGivenContract: true })
        {
            return;
        }

        // Nothing but the contract says that an app holds; without one, it stops at SIGTERM, as nearly all do.
        var contract = workload.Contract;
        var hold = contract?.Drain.Hold ?? TimeSpan.Zero;
        findings.Add(Leaving, workload.Resource, $"{container.Path}.lifecycle.preStop", Invariants.HoldCoversDeregistration(
            new(contract is null ? "preStop" : $"preStop ({preStop.Shown()}) + the contract's drain.hold ({hold.Shown()})", preStop + hold),
            new(contract is null ? "propagation, of which nothing is known," : "the contract's drain.propagation", contract?.Drain.Propagation ?? TimeSpan.Zero),
            new(field.Name, delay)));
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
