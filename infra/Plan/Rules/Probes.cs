using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>PR: the kubelet's probes of every container that serves.</summary>
internal sealed partial class Probes : RuleFamily
{
    /// <summary>From here on a fixed wait costs more than the probes that it saves.</summary>
    private static readonly TimeSpan LateReadiness = TimeSpan.FromSeconds(60);

    /// <summary>What a path's last segment is called where it evaluates dependencies.</summary>
    private static readonly string[] DeepNames = ["ready", "readyz", "readiness", "deep", "dependencies"];

    /// <inheritdoc />
    public override string Title => "Kubelet probes";

    /// <inheritdoc />
    public override string Reads =>
        "containers of Deployments, StatefulSets and DaemonSets behind any Service; native sidecars too";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Readiness, Liveness, Startup, Different, Shallow, Declared, EveryField, StartupBudget, Timeout, Late];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var container in scope.Serving)
        {
            CheckPresence(container, findings);
            CheckDifference(container, findings);
            CheckLate(container, findings);
            CheckStart(container, findings);
            foreach (var probe in container.Probes)
            {
                CheckPort(probe, findings);
                CheckFields(probe, findings);
                CheckTimeout(probe, findings);
            }
        }
    }

    private static void CheckPresence(Container container, FindingList findings)
    {
        Expect(Readiness, "readinessProbe");
        Expect(Liveness, "livenessProbe");
        Expect(Startup, "startupProbe");

        void Expect(Rule rule, string kind)
        {
            if (container.Value[kind].IsMissing())
            {
                findings.Add(rule, container.Workload.Resource, $"{container.Path}.{kind}", "not set", "a probe");
            }
        }
    }

    private static void CheckDifference(Container container, FindingList findings)
    {
        if (container is not { Liveness: { } liveness } || EndpointOf(liveness) is not { } asked)
        {
            return;
        }

        if (container.Readiness is { } readiness && EndpointOf(readiness) is { } other && Invariants.LivenessIsNotReadiness(
            new($"{liveness.Path}.{liveness.Means}", asked), new($"{readiness.Path}.{readiness.Means}", other)) is { } violation)
        {
            // A connection alone evaluates no dependency: nothing restarts for one, but readiness says nothing either. What a command asks
            // nobody knows.
            var isTcp = liveness.Means == "tcpSocket";
            findings.Add(Different, liveness.Resource, $"{liveness.Path}.{liveness.Means}", violation.Found, violation.Expected, DifferentFix(liveness),
                isTcp || liveness.Means == "exec" ? Severity.Warning : null,
                isTcp ? "Readiness says no more than that the port is open: users are sent to an app that cannot serve them." : violation.Why);
            return;
        }

        if (!liveness.IsHttp)
        {
            return;
        }

        var path = HealthEndpoint.PathOf(liveness.HttpPath!);
        if (container.Workload.Contract is { } contract)
        {
            if (path == contract.Paths.Readiness)
            {
                findings.Add(Shallow, liveness.Resource, $"{liveness.Path}.httpGet.path", $"\"{liveness.HttpPath}\", which evaluates dependencies",
                    $"the contract's liveness path \"{contract.Paths.Liveness}\"", $"Ask {contract.Paths.Liveness}.");
            }
        }
        else if (DeepNames.Contains(path.Split('/')[^1], StringComparer.OrdinalIgnoreCase))
        {
            findings.Add(Shallow, liveness.Resource, $"{liveness.Path}.httpGet.path", $"\"{liveness.HttpPath}\"", "a path that evaluates no dependency, such as \"/healthz\"");
        }
    }

    private static string DifferentFix(Probe liveness) => liveness.Means switch
    {
        "grpc" => "Give liveness a gRPC service name of its own that evaluates no dependency.",
        "exec" => "Give liveness a command of its own that evaluates no dependency.",
        "tcpSocket" => "Let readiness ask whether the app can serve.",
        _ => Different.Fix,
    };

    /// <summary>What is asked, port names resolved, so that two ways of writing one endpoint are equal; null when unknown.</summary>
    private static string? EndpointOf(Probe probe) => probe.Means switch
    {
        "httpGet" => probe.HttpPath is { } path && probe.PortNumber is { } port ? $":{port}{path}" : null,
        "tcpSocket" => probe.PortNumber is { } port ? $":{port}" : null,
        "grpc" => probe.PortNumber is { } port && !probe.Value["grpc"].HasUnknown() ? $":{port} {probe.Value["grpc"]["service"].Text}".TrimEnd() : null,
        "exec" => probe.Value["exec"]["command"].Items.Any() && !probe.Value["exec"].HasUnknown()
            ? string.Join(' ', probe.Value["exec"]["command"].Items.Select(item => item.Text))
            : null,
        _ => null,
    };

    // Every restart and every pod of a rollout is kept from users for that long, whatever the app needs.
    private static void CheckLate(Container container, FindingList findings)
    {
        if (container.Readiness is { InitialDelay: { } delay } readiness && delay >= LateReadiness)
        {
            findings.Add(Late, readiness.Resource, $"{readiness.Path}.initialDelaySeconds", delay.Shown(), "a startup probe that lets readiness begin as soon as the app has started");
        }
    }

    private static void CheckPort(Probe probe, FindingList findings)
    {
        // A port's number needs no declaration: the list of ports is documentation, and the app listens where it listens.
        if (probe.Port.Known() is null || probe.Port.Whole() is not null || probe.Container.PortsUnknown)
        {
            return;
        }

        if (!probe.Container.Has(probe.Port))
        {
            var ports = probe.Container.Ports.Select(port => port["name"].Text is { } name ? $"{port["containerPort"].Shown()} ({name})" : port["containerPort"].Shown()).ToList();
            findings.Add(Declared, probe.Resource, $"{probe.Path}.{probe.Handler}.port", probe.Port.Shown(),
                ports.Count == 0 ? "a port that the container declares (it declares none)" : $"a port that the container declares: {string.Join(", ", ports)}");
        }
    }

    private static void CheckFields(Probe probe, FindingList findings)
    {
        foreach (var setting in Probe.Settings)
        {
            var least = setting == "initialDelaySeconds" ? 0 : 1;
            var value = probe.Value[setting];
            if (value.IsMissing())
            {
                findings.Add(EveryField, probe.Resource, $"{probe.Path}.{setting}", "not set", "a value of your own");
            }
            else if (value.Number is { } number && (number < least || number != Math.Floor(number)))
            {
                findings.Add(EveryField, probe.Resource, $"{probe.Path}.{setting}", value.Shown(), $"a whole number of {least} or more", severity: Severity.Error, why: "The Kubernetes API refuses it, or puts its default in its place.");
            }
        }

        if (probe.Kind != "readinessProbe" && probe.SuccessThreshold is { } threshold)
        {
            var path = $"{probe.Path}.successThreshold";
            findings.Add(EveryField, probe.Resource, path, Invariants.SuccessThresholdIsOne(new(path, threshold)));
        }
    }

    private static void CheckTimeout(Probe probe, FindingList findings)
    {
        if (probe.TimeoutSeconds is not { } timeout)
        {
            return;
        }

        var path = probe.Timeout.Path;
        if (probe.Period is { } period)
        {
            findings.Add(Timeout, probe.Resource, path, Invariants.TimeoutWithinPeriod(new(path, timeout), new($"{probe.Path}.periodSeconds", period)));
        }

        if (probe is { IsHttp: true, Container.Workload.Contract: { } contract } && probe.Container.Declares(contract.Port))
        {
            findings.Add(Timeout, probe.Resource, path, Invariants.TimeoutAboveBudget(
                "PR009", new(path, timeout), new("the contract's budget.deadline", contract.Budget.Deadline), contract.Budget.Margin));
        }
    }

    private static void CheckStart(Container container, FindingList findings)
    {
        if (container.Workload.Contract is not { } contract || !(container.Ports.Count == 0 || container.Declares(contract.Port)))
        {
            return;
        }

        var limit = new Named<TimeSpan>("the contract's startupLimit", contract.StartupLimit);
        if (container.Startup is { Budget: { } budget } startup)
        {
            findings.Add(StartupBudget, startup.Resource, $"{startup.Path}.failureThreshold", Invariants.StartupBudgetCoversLimit(
                new($"{startup.Path}.periodSeconds × failureThreshold", budget), limit));
        }
        else if (container.Value["startupProbe"].IsMissing() && container.Liveness is { InitialDelay: { } delay, Budget: { } livenessBudget } liveness)
        {
            findings.Add(StartupBudget, liveness.Resource, $"{liveness.Path}.failureThreshold", Invariants.StartupBudgetCoversLimit(
                new($"{liveness.Path}.initialDelaySeconds + periodSeconds × failureThreshold", delay + livenessBudget), limit));
        }
    }
}
