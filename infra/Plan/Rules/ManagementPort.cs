namespace Candor.Planning.Rules;

/// <summary>MP: whether the management port stays behind the balancer.</summary>
internal sealed class ManagementPort : RuleFamily
{
    internal static readonly Rule Hidden = new()
    {
        Id = "MP001",
        Severity = Severity.Error,
        Holds = "the management port is in no listener, target group or Service port that a balancer reaches",
        Why = "Anyone could drain instances and read details of the app's dependencies.",
        Fix = "Serve users from the traffic port only; give monitoring a Service of its own.",
        Example = "spec.ports[1].targetPort is 9090, expected no port that leads to the contract's managementPort (9090)",
    };

    private static readonly string[] Names = ["management", "mgmt", "admin", "actuator"];

    /// <inheritdoc />
    public override string Title => "Management port";

    /// <inheritdoc />
    public override string Reads =>
        "Services, target groups and Ingresses before pods";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Hidden];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var route in scope.Routes)
        {
            if (route is { Workload: { } workload } && PortOf(workload) is var (port, where))
            {
                CheckRoute(route, workload, port, where, findings);
            }
        }
    }

    private static void CheckRoute(Route route, Workload workload, int port, string where, FindingList findings)
    {
        if (route.Probe is { } probe && probe.Port.Value.Whole() == port)
        {
            findings.Add(Hidden, probe.Resource, probe.Port.Path, $"{port}", $"another port than {where} ({port})", "Probe the traffic port.");
        }

        if (route.TargetGroup is { } group && group.Inputs["port"].Whole() == port)
        {
            findings.Add(Hidden, group, "port", $"{port}", $"another port than {where} ({port})");
        }

        if (route.Service is not { } service)
        {
            return;
        }

        var ports = service.Inputs["spec"]["ports"].Items.ToList();
        for (var i = 0; i < ports.Count; i++)
        {
            var target = ports[i]["targetPort"].Exists ? ports[i]["targetPort"] : ports[i]["port"];
            if (workload.ContainerOf(target)?.Number(target) == port)
            {
                findings.Add(Hidden, service, $"spec.ports[{i}].targetPort", target.Shown(), $"no port that leads to {where} ({port})");
            }
        }
    }

    /// <summary>The contract's management port, or else a container port that is named as one and is not what users reach.</summary>
    private static (int Port, string Where)? PortOf(Workload workload)
    {
        if (workload.Contract is { } contract)
        {
            return (contract.ManagementPort, "the contract's managementPort");
        }

        foreach (var port in workload.Containers.SelectMany(container => container.Ports))
        {
            if (port["name"].Text is { } name && Names.Contains(name, StringComparer.OrdinalIgnoreCase) && port["containerPort"].Whole() is { } number)
            {
                return (number, $"the container port named {name}");
            }
        }

        return null;
    }
}
