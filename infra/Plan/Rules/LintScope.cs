namespace Candor.Planning.Rules;

/// <summary>A Plan as the rules see it: read once, looked at by every family.</summary>
internal sealed class LintScope
{
    private readonly HashSet<Workload> _routed;
    private readonly ILookup<string, Route> _routesByGroup;

    internal LintScope(Plan plan)
    {
        Plan = plan;
        Workloads = new WorkloadIndex(plan);
        Balancers = new BalancerIndex(plan);
        Targets = new TargetIndex(plan);
        Routes = new RouteFinder(plan, Workloads, Balancers, Targets).Find();
        ShareContract();
        Flows = FlowReader.Read(plan);
        FlowsByGroup = new FlowIndex(Flows);
        Serving = [.. ServingContainers()];
        Routed = [.. Routes.Select(route => route.Workload).OfType<Workload>().Distinct()];
        _routed = [.. Routed];
        _routesByGroup = Routes.Where(route => route.TargetGroup is not null).ToLookup(route => route.TargetGroup!.Urn, StringComparer.Ordinal);
    }

    internal Plan Plan { get; }

    /// <summary>Whether a contract says which numbers the Plan must keep; without one its planes are compared with each other.</summary>
    internal bool HasContract => Plan.Contract is not null || Workloads.All.Any(workload => workload.IsGivenContract || workload.Contract is not null);

    internal WorkloadIndex Workloads { get; }

    internal IReadOnlyList<Route> Routes { get; }

    /// <summary>Which listeners forward to which target group.</summary>
    internal BalancerIndex Balancers { get; }

    /// <summary>What is registered with target groups beside pods.</summary>
    internal TargetIndex Targets { get; }

    /// <summary>The workloads that a balancer sends users to.</summary>
    internal IReadOnlyList<Workload> Routed { get; }

    /// <summary>Whether a balancer sends users to the workload.</summary>
    internal bool IsRouted(Workload workload) => _routed.Contains(workload);

    /// <summary>The routes through a target group.</summary>
    internal IEnumerable<Route> RoutesOf(PlanResource targetGroup) => _routesByGroup[targetGroup.Urn];

    /// <summary>The containers behind a Service or a balancer: those whose probes decide about users' requests.</summary>
    internal IReadOnlyList<Container> Serving { get; }

    /// <summary>Every rule of every security group.</summary>
    internal IReadOnlyList<Flow> Flows { get; }

    /// <summary>The same by the group that they belong to.</summary>
    internal FlowIndex FlowsByGroup { get; }

    /// <summary>Whether the stack is marked as production, or named so where it says nothing.</summary>
    internal bool IsProduction => Plan.Environment is { } environment ? environment == "prod" : Plan.Stack.StartsWith("prod", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the stack is marked as one for development, or named so where it says nothing.</summary>
    internal bool IsDevelopment => Plan.Environment is { } environment ? environment == "dev" : Plan.Stack.StartsWith("dev", StringComparison.OrdinalIgnoreCase);

    /// <summary>Resources of a type.</summary>
    internal IEnumerable<PlanResource> OfType(string token) => Plan.Index.OfType(token);

    private IEnumerable<Container> ServingContainers() =>
        Workloads.All
            .SelectMany(workload => workload.Services
                .SelectMany(service => service.Inputs["spec"]["ports"].Items)
                .Select(port => workload.ContainerOf(port["targetPort"].Exists ? port["targetPort"] : port["port"])))
            .Concat(Routes.Select(route => route.Container))
            .OfType<Container>()
            .Distinct();

    // A Plan with one service and a contract beside it means that service, also where its app is not given the contract.
    private void ShareContract()
    {
        var routed = Routes.Select(route => route.Workload).OfType<Workload>().Distinct().ToList();
        if (Plan.Contract is { } contract && routed is [{ Contract: null, ContractProblems: [] } only])
        {
            only.Contract = contract;
        }
    }
}
