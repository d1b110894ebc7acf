using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>DB: whether a database has a slot for every connection that all pods together may open.</summary>
internal sealed partial class Databases : RuleFamily
{
    internal static readonly Rule Connections = new()
    {
        Id = "DB001",
        Severity = Severity.Error,
        Holds = "(2 × maxReplicas + surge) × the contract's connections, of all services of a database, fit below its max_connections − 10 (error), "
            + "and max_connections is known where they would not fit below PostgreSQL's own 100 (warning)",
        Why = "The server would refuse connections during a rolling update, when old pods still hold theirs, with requests that need them.",
        Fix = "Raise max_connections, or lower the contract's connections or the autoscaler's maxReplicas.",
        Example = "max_connections is 100, expected at least the connections of all pods (375) + reserved (10)",
    };

    /// <summary>Where a stack says what a server outside of its Plan allows: on the Secret with the connection string.</summary>
    internal const string Annotation = "candor.dev/database-max-connections";

    private const string Argument = "max_connections=";

    /// <inheritdoc />
    public override string Title => "Databases";

    /// <inheritdoc />
    public override string Reads =>
        "contracts, connection strings, arguments of PostgreSQL in the cluster, RDS parameter groups";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Connections];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        var clients = scope.Workloads.All.SelectMany(workload => Clients(scope, workload)).ToList();
        foreach (var server in clients.GroupBy(client => client.Server, StringComparer.Ordinal))
        {
            CheckServer(scope, [.. server], findings);
        }
    }

    private static void CheckServer(LintScope scope, IReadOnlyList<Client> clients, FindingList findings)
    {
        var demand = new Named<long>("the connections of all pods", clients.Sum(client => client.Demand));
        var (resource, path, maximum) = MaximumOf(scope, clients[0]);
        if (maximum is { } known)
        {
            findings.Add(Connections, resource, path, Invariants.ConnectionsFit(demand, new("max_connections", known)));
        }
        else if (resource is null && Invariants.ConnectionsFit(demand, new("max_connections", ConnectionDemand.ServersDefault)) is not null)
        {
            findings.Add(
                Connections,
                clients[0].Workload.Resource,
                DialledAddress.Variable(clients[0].Dependency),
                "a server whose max_connections the plan does not say",
                $"at least {demand.Name} ({demand.Value}) + reserved ({ConnectionDemand.Reserved}); PostgreSQL allows {ConnectionDemand.ServersDefault} by default",
                "Say what the server allows (candor:databaseMaxConnections), or lower the contract's connections or maxReplicas.",
                Severity.Warning);
        }
    }

    private static IEnumerable<Client> Clients(LintScope scope, Workload workload)
    {
        if (workload is not { Contract: { } contract, Rollout: not null } || ReplicasAtMost(workload) is not { } replicas
            || workload.MaxSurge(replicas) is not { } surge)
        {
            yield break;
        }

        var container = workload.Containers.FirstOrDefault(candidate => candidate.Declares(contract.Port));
        foreach (var dependency in contract.Dependencies.Where(dependency => dependency.Kind == DependencyKind.Postgres && container is not null))
        {
            var address = DialledAddress.Of(scope, workload, container!, dependency);
            var text = container!.Environment(DialledAddress.Variable(dependency));
            // Which server it is must be known, also where it is a Service of the Plan.
            if (text is null || PlanValueReading.IsUnknown(text) || (address.Service is not null && address.Workloads.Count == 0))
            {
                continue;
            }

            var server = address.Service?.Urn ?? (Host().Match(text) is { Success: true } host ? host.Value : text);
            yield return new(server, workload, container, dependency, address, ConnectionDemand.Of(replicas, surge, dependency.MaximumConnections() ?? 0));
        }
    }

    // Null where the server is outside of the Plan, and says nothing of itself.
    private static (PlanResource? Resource, string Path, int? Maximum) MaximumOf(LintScope scope, Client client)
    {
        if (client.Address.Workloads is [var pods, ..])
        {
            foreach (var container in pods.Containers)
            {
                var arguments = container.Value["args"].Items.ToList();
                if (container.Value["args"].HasUnknown())
                {
                    return (pods.Resource, container.Path, null);
                }

                var index = arguments.FindIndex(argument => argument.Text?.StartsWith(Argument, StringComparison.Ordinal) == true);
                if (index >= 0)
                {
                    return (pods.Resource, $"{container.Path}.args[{index}]", Number(arguments[index].Text![Argument.Length..]));
                }
            }

            // Its own default holds, unless it is told otherwise by a file.
            return (pods.Resource, $"{pods.Containers[0].Path}.args", ConnectionDemand.ServersDefault);
        }

        if (client.Workload.Plan.Index.OfType(ResourceTypes.DatabaseInstance).ToList() is [var instance] && client.Address.Service is null)
        {
            return OfInstance(scope, instance);
        }

        var secret = scope.OfType(ResourceTypes.Secret)
            .FirstOrDefault(candidate => candidate.KubernetesNamespace == client.Workload.Namespace
                && candidate.Inputs["metadata"]["annotations"][Annotation].Exists
                && candidate.Inputs["stringData"][DialledAddress.Variable(client.Dependency)].Exists);
        return secret is null
            ? (null, string.Empty, null)
            : (secret, $"metadata.annotations[\"{Annotation}\"]", Number(secret.Inputs["metadata"]["annotations"][Annotation].Text));
    }

    // Without a number in its parameters RDS derives one from the memory of the instance's class, which a Plan does not tell.
    private static (PlanResource? Resource, string Path, int? Maximum) OfInstance(LintScope scope, PlanResource instance)
    {
        var named = instance.Inputs["parameterGroupName"];
        var groups = scope.OfType(ResourceTypes.DatabaseParameters).ToList();
        var group = groups.Find(candidate => candidate.Id == named.Text || candidate.Name == named.Text || candidate.Inputs["name"].Text == named.Text)
            ?? (named.IsUnknown() && groups is [var only] ? only : null);
        var parameters = group?.Inputs["parameters"].Items.ToList() ?? [];
        var index = parameters.FindIndex(parameter => parameter["name"].Text == "max_connections");
        return index < 0
            ? (instance, "parameterGroupName", null)
            : (group, $"parameters[{index}].value", Number(parameters[index]["value"].Text));
    }

    private static int? ReplicasAtMost(Workload workload) =>
        (workload.Autoscaler is { } autoscaler ? autoscaler.Inputs["spec"]["maxReplicas"].Whole() : workload.Replicas) is { } replicas and > 0 and < 100_000
            ? replicas
            : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("(?<=(^|;)\\s*(Host|Server)\\s*=\\s*)[^;]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Host();

    /// <summary>One service's use of one database.</summary>
    private sealed record Client(
        string Server, Workload Workload, Container Container, Dependency Dependency, DialledAddress Address, long Demand);
}
