namespace Candor.Contract;

/// <summary>The checks of single parts that need the rest of the contract least.</summary>
internal static partial class Validators
{
    private const string NameRule = "1 to 40 lower case letters, digits and dashes, starting with a letter";

    private const int DefaultManagementPort = 9090;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    internal static void Ports(HealthContract contract, ViolationList violations)
    {
        violations.Add(Invariants.WithinRange(new("port", contract.Port), 1, 65535, string.Empty, "CT001"));
        violations.Add(Invariants.WithinRange(new("managementPort", contract.ManagementPort), 1, 65535, string.Empty, "CT001"));
        if (contract.Port == contract.ManagementPort)
        {
            violations.Add(new(
                "CT002",
                "managementPort",
                $"{contract.ManagementPort}",
                $"another port than port ({contract.Port})",
                "Metrics and drain would be reachable through the load balancer.",
                $"Choose another managementPort, such as "
                    + $"{(contract.Port == DefaultManagementPort ? DefaultManagementPort + 1 : DefaultManagementPort)}."));
        }
    }

    internal static void Paths(HealthContract contract, ViolationList violations)
    {
        (string Path, string Value)[] paths =
        [
            ("paths.liveness", contract.Paths.Liveness),
            ("paths.readiness", contract.Paths.Readiness),
            ("paths.startup", contract.Paths.Startup),
        ];
        foreach (var (path, value) in paths)
        {
            if (!IsPath(value))
            {
                violations.Add(new(
                    "CT003",
                    path,
                    $"\"{value}\"",
                    "a path such as \"/health\", 1 to 1024 characters of letters, digits and / - _ . ~",
                    "A prober could not request it.",
                    $"Start {path} with /, without query or spaces."));
            }
        }

        violations.Add(Invariants.LivenessIsNotReadiness(
            new("paths.liveness", contract.Paths.Liveness), new("paths.readiness", contract.Paths.Readiness)));
        foreach (var (path, other) in new[] { (paths[1], "paths.readiness"), (paths[0], "paths.liveness") })
        {
            if (contract.Paths.Startup == path.Value)
            {
                violations.Add(new(
                    "CT003",
                    "paths.startup",
                    $"\"{contract.Paths.Startup}\"",
                    $"another path than {other} (\"{path.Value}\")",
                    "Each path answers a different question.",
                    "Give paths.startup a path of its own, such as /startupz."));
            }
        }
    }

    internal static void Balancer(HealthContract contract, ViolationList violations)
    {
        var balancer = contract.Balancer;
        violations.WholeSeconds("balancer.interval", balancer.Interval, TimeSpan.Zero);
        violations.WholeSeconds("balancer.timeout", balancer.Timeout, TimeSpan.Zero);
        violations.WholeSeconds("balancer.idleTimeout", balancer.IdleTimeout, TimeSpan.Zero);
        violations.Duration("balancer.keepAlive", balancer.KeepAlive, Millisecond);
        violations.Add(Invariants.WithinRange(new("balancer.interval", balancer.Interval.TotalSeconds), 5, 300, "s"));
        violations.Add(Invariants.WithinRange(new("balancer.timeout", balancer.Timeout.TotalSeconds), 2, 120, "s"));
        violations.Add(Invariants.WithinRange(new("balancer.healthyThreshold", balancer.HealthyThreshold), 2, 10, string.Empty));
        violations.Add(Invariants.WithinRange(new("balancer.unhealthyThreshold", balancer.UnhealthyThreshold), 2, 10, string.Empty));
        violations.Add(Invariants.WithinRange(new("balancer.idleTimeout", balancer.IdleTimeout.TotalSeconds), 1, 4000, "s", "GS004"));
        violations.Add(Invariants.TimeoutBelowInterval(
            new("balancer.timeout", balancer.Timeout), new("balancer.interval", balancer.Interval)));
        violations.Add(Invariants.TimeoutAboveBudget(
            "HC006", new("balancer.timeout", balancer.Timeout), new("budget.deadline", contract.Budget.Deadline), contract.Budget.Margin));
        violations.Add(Invariants.MatcherTellsHealthyFromUnhealthy(new("balancer.healthyCodes", balancer.HealthyCodes)));
        violations.Add(Invariants.KeepAliveOutlastsIdleTimeout(
            new("balancer.keepAlive", balancer.KeepAlive), new("balancer.idleTimeout", balancer.IdleTimeout)));
    }

    internal static void Budget(HealthContract contract, ViolationList violations)
    {
        violations.Duration("budget.deadline", contract.Budget.Deadline, Millisecond);
        violations.Duration("budget.margin", contract.Budget.Margin, TimeSpan.Zero);
        violations.Duration("freshness", contract.Freshness, Millisecond);
        violations.Share("minimumDiskFree", contract.MinimumDiskFree, 0.99);

        // The timeline's worst case counts one probe timeout; a reused answer must not make it longer.
        if (contract.Freshness + contract.Budget.Deadline > contract.Balancer.Timeout)
        {
            violations.Add(new(
                "CT006",
                "freshness",
                DurationText.Format(contract.Freshness),
                $"with budget.deadline ({DurationText.Format(contract.Budget.Deadline)}) at most balancer.timeout "
                    + $"({DurationText.Format(contract.Balancer.Timeout)})",
                "A reused answer would hide a failure for longer than the timeline states.",
                "Lower freshness or budget.deadline."));
        }
    }

    internal static void Dependencies(HealthContract contract, ViolationList violations)
    {
        for (var i = 0; i < contract.Dependencies.Count; i++)
        {
            var dependency = contract.Dependencies[i];
            var path = $"dependencies[{i}]";
            if (!IsName(dependency.Name))
            {
                violations.Add(new(
                    "CT007",
                    $"{path}.name",
                    $"\"{dependency.Name}\"",
                    NameRule,
                    "It names configuration, metrics and DNS entries.",
                    "Rename it, for example to \"database\"."));
            }

            if (contract.Dependencies.Take(i).Any(other => other.Name == dependency.Name))
            {
                violations.Add(new(
                    "CT007",
                    $"{path}.name",
                    $"\"{dependency.Name}\" again",
                    $"a name that no other dependency has (\"{dependency.Name}\" does)",
                    "Answers and settings could not be told apart.",
                    "Rename one of them."));
            }

            violations.Duration($"{path}.timeout", dependency.Timeout, Millisecond);
            if (dependency.Timeout > contract.Budget.Deadline)
            {
                violations.Add(new(
                    "CT007",
                    $"{path}.timeout",
                    DurationText.Format(dependency.Timeout),
                    $"at most budget.deadline ({DurationText.Format(contract.Budget.Deadline)})",
                    "The evaluation ends before the check does.",
                    $"Lower {path}.timeout or raise budget.deadline."));
            }

            if (!IsKind(dependency.Kind))
            {
                violations.Add(new(
                    "CT007",
                    $"{path}.kind",
                    $"\"{dependency.Kind}\"",
                    $"1 to 40 letters, digits and dashes, starting with a letter, such as {string.Join(", ", DependencyKind.Known)}",
                    "It decides how the dependency is checked.",
                    "Name what it is, for example \"postgres\"."));
            }
            else if (dependency.Port is null && DependencyKind.DefaultPort(dependency.Kind) is null)
            {
                var meant = NearestName.Of(dependency.Kind, DependencyKind.Known) is { } nearest
                    ? $", or write \"{nearest}\" if that is the kind"
                    : string.Empty;
                violations.Add(new(
                    "CT007",
                    $"{path}.port",
                    "nothing",
                    $"a port, because the kind \"{dependency.Kind}\" has no default port ({string.Join(", ", DependencyKind.Known)} have "
                        + "one)",
                    "Firewalls are opened for it.",
                    $"Set {path}.port{meant}."));
            }

            if (dependency.Port is { } port)
            {
                violations.Add(Invariants.WithinRange(new($"{path}.port", port), 1, 65535, string.Empty, "CT001"));
            }

            if (dependency.Connections is { } connections)
            {
                violations.AtLeastOne($"{path}.connections", connections);
                if (dependency.Kind is DependencyKind.Redis or DependencyKind.RabbitMq or DependencyKind.Http)
                {
                    violations.Add(new(
                        "CT007",
                        $"{path}.connections",
                        $"{connections}",
                        $"no connections for the kind {dependency.Kind}",
                        "Only a database's pool is bounded by it.",
                        "Remove it."));
                }
            }

            if (dependency.BacklogLimit is { } limit)
            {
                violations.AtLeastOne($"{path}.backlogLimit", limit);
                if (dependency.Kind != DependencyKind.RabbitMq)
                {
                    violations.Add(new(
                        "CT007",
                        $"{path}.backlogLimit",
                        $"{limit}",
                        $"no limit for the kind {dependency.Kind}",
                        "Only a queue has a backlog.",
                        "Remove it."));
                }
            }
        }
    }

    internal static void Routing(HealthContract contract, ViolationList violations) =>
        violations.AtLeastOne("routing.minimumHealthyTargets", contract.Routing.MinimumHealthyTargets);

    private static bool IsPath(string? path) =>
        path is { Length: >= 1 and <= 1024 }
            && path[0] == '/'
            && path.All(c => char.IsAsciiLetterOrDigit(c) || "/-_.~".Contains(c, StringComparison.Ordinal));

    private static bool IsKind(string? kind) =>
        kind is { Length: >= 1 and <= 40 } && char.IsAsciiLetter(kind[0]) && kind.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= 40 }
            && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && name[^1] != '-';
}
