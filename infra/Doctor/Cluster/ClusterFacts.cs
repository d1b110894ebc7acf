using Candor.Doctor.Url;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>What is expected of a cluster, from the stack that was deployed to it.</summary>
internal sealed record Expectations
{
    /// <summary>Nothing is expected: a cluster that our program need not have made.</summary>
    internal static Expectations None { get; } = new();

    /// <summary>What the program declares, or null.</summary>
    internal Plan? Plan { get; init; }

    /// <summary>The address ranges that the balancer asks from.</summary>
    internal IReadOnlyList<string> BalancerRanges { get; init; } = [];

    /// <summary>Where <see cref="BalancerRanges"/> were read.</summary>
    internal string RangesSource { get; init; } = string.Empty;
}

/// <summary>What was read of a namespace.</summary>
internal sealed record ClusterFacts
{
    internal required string Namespace { get; init; }

    /// <summary>The kubeconfig's context, or empty when it is not known.</summary>
    internal string Context { get; init; } = string.Empty;

    /// <summary>The context that was asked for by name, or null for the current one.</summary>
    internal string? ContextOption { get; init; }

    /// <summary>The moment that ages are counted from.</summary>
    internal required DateTimeOffset Now { get; init; }

    /// <summary>Whether <see cref="Now"/> is the moment of asking; else ages are at least as long as they seem.</summary>
    internal bool IsClockExact { get; init; } = true;

    internal Expectations Expected { get; init; } = Expectations.None;

    internal IReadOnlyList<WorkloadFacts> Workloads { get; init; } = [];

    internal IReadOnlyList<PlanValue> Services { get; init; } = [];

    internal IReadOnlyList<SliceFacts> Slices { get; init; } = [];

    internal IReadOnlyList<PlanValue> Policies { get; init; } = [];

    internal IReadOnlyList<PlanValue> Bindings { get; init; } = [];

    internal IReadOnlyList<PlanValue> Budgets { get; init; } = [];

    internal IReadOnlyList<PlanValue> Autoscalers { get; init; } = [];

    internal IReadOnlyList<NodeFacts> Nodes { get; init; } = [];

    internal EventTable Events { get; init; } = new();

    /// <summary>Kinds that could not be read.</summary>
    internal IReadOnlySet<string> Missing { get; init; } = new HashSet<string>();

    /// <summary>What the apps themselves answered, by pod.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<AnswerFacts>> Answers { get; init; } = new Dictionary<string,
    IReadOnlyList<AnswerFacts>>();

    /// <summary>The last lines of logs, by pod.</summary>
    internal IReadOnlyDictionary<string, LogFacts> Logs { get; init; } = new Dictionary<string, LogFacts>();

    /// <summary>Whether an object of this kind could be asked for.</summary>
    internal bool Has(string kind) => !Missing.Contains(kind);

    internal PlanValue Service(string name) => Services.FirstOrDefault(service => service["metadata"]["name"].Text == name);

    /// <summary>The workload with a name, or the one that a Service of this name selects.</summary>
    internal WorkloadFacts? WorkloadBehind(string name) =>
        Service(name) is { Exists: true } service
            ? Workloads.FirstOrDefault(workload => LabelSelector.MatchesService(service["spec"]["selector"], workload.PodLabels))
                ?? Workloads.FirstOrDefault(workload => workload.Name == name)
            : Workloads.FirstOrDefault(workload => workload.Name == name);
}

/// <summary>A workload: a Deployment, a StatefulSet, a DaemonSet, or pods of nobody.</summary>
internal sealed record WorkloadFacts
{
    internal required string Kind { get; init; }

    internal required string Name { get; init; }

    /// <summary>The object as the cluster gave it, without status where there is none.</summary>
    internal PlanValue Object { get; init; }

    /// <summary>Pods that are wanted; null where that is not known.</summary>
    internal int? Replicas { get; init; }

    internal IReadOnlyList<ConditionFacts> Conditions { get; init; } = [];

    internal PlanValue PodLabels { get; init; }

    /// <summary>The first container that has probes.</summary>
    internal ContainerSpec Main { get; init; } = new();

    /// <summary>The text of the contract that its pods are given, or null.</summary>
    internal string? ContractText { get; init; }

    /// <summary>Where <see cref="ContractText"/> was read.</summary>
    internal string ContractSource { get; init; } = string.Empty;

    internal PlanValue Contract { get; init; }

    internal IReadOnlyList<PodFacts> Pods { get; set; } = [];

    /// <summary>Pods of the same signature, each with the ones that were looked at closely.</summary>
    internal IReadOnlyList<PodGroup> Groups { get; set; } = [];

    internal IReadOnlyList<PlanValue> ReplicaSets { get; init; } = [];

    /// <summary>Whether it serves the users, and is not only a dependency.</summary>
    internal bool IsService { get; init; }

    /// <summary>How it is called: <c>Deployment orders</c>.</summary>
    internal string Title => $"{Kind} {Name}";

    internal string? Path(string name) => Contract["paths"][name].Text;

    internal int? Port => Contract["port"].Number is { } port ? (int)port : null;

    internal int? ManagementPort => Contract["managementPort"].Number is { } port ? (int)port : null;
}

/// <summary>Pods that look the same.</summary>
internal sealed record PodGroup(IReadOnlyList<PodFacts> Pods, IReadOnlyList<PodFacts> Sample);

/// <summary>An EndpointSlice.</summary>
internal sealed record SliceFacts(string Service, bool HasEndpoints, bool HasPorts, int Ready, int All);

/// <summary>A node.</summary>
internal sealed record NodeFacts(string Name, string? Cpu, string? Memory, bool Ready, string? Reason, string? Message, bool Unschedulable,
    DateTimeOffset? Heartbeat, IReadOnlyList<string> Taints, string? Zone);

/// <summary>What an app answered through the API server.</summary>
internal sealed record AnswerFacts
{
    internal required int Port { get; init; }

    internal required string Path { get; init; }

    /// <summary>The app's status; null when the app did not answer.</summary>
    internal int? Status { get; init; }

    /// <summary>Why the app did not answer, in the API server's words, or null.</summary>
    internal string? Failure { get; init; }

    /// <summary>Whether the app itself answered: a proxy on the way may answer an error of its own.</summary>
    internal bool IsOfApp => Status is >= 200 and < 400 || (Status is not null && (ContractHash is not null || Health.Status is not null));

    internal bool IsRefused => Failure?.Contains("connection refused", StringComparison.OrdinalIgnoreCase) == true;

    internal bool IsTimeout => Failure is { } failure
        && (failure.Contains("time", StringComparison.OrdinalIgnoreCase)
            || failure.Contains("deadline", StringComparison.OrdinalIgnoreCase)
            || failure.Contains("reset by peer", StringComparison.OrdinalIgnoreCase));

    internal string Body { get; init; } = string.Empty;

    internal HealthBody Health { get; init; } = HealthBody.Silent;

    internal string? ContractHash { get; init; }

    internal TimeSpan Time { get; init; }

    /// <summary>By what it was asked.</summary>
    internal string Via { get; init; } = "through kubectl proxy";

    internal string Source => Port == 0 ? Via : FormattableString.Invariant($"GET :{Port}{Path} {Via}");
}

/// <summary>The last lines that a pod's container wrote.</summary>
internal sealed record LogFacts(IReadOnlyList<LogLine> Current, IReadOnlyList<LogLine> Previous);
