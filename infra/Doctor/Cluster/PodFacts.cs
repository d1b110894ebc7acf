using System.Globalization;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>What is known of one pod.</summary>
internal sealed record PodFacts
{
    internal required string Name { get; init; }

    internal string OwnerKind { get; init; } = string.Empty;

    internal string OwnerName { get; init; } = string.Empty;

    internal IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    internal string? ContractHash { get; init; }

    internal string Phase { get; init; } = string.Empty;

    internal string? Reason { get; init; }

    internal string? Message { get; init; }

    internal DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its grace ends; set once it was told to leave.</summary>
    internal DateTimeOffset? DeletedAt { get; init; }

    internal TimeSpan Grace { get; init; }

    internal bool HasFinalizers { get; init; }

    internal string? Node { get; init; }

    internal string? Address { get; init; }

    internal IReadOnlyList<string> Gates { get; init; } = [];

    internal IReadOnlyList<ConditionFacts> Conditions { get; init; } = [];

    internal IReadOnlyList<ContainerFacts> Containers { get; init; } = [];

    internal IReadOnlyList<ContainerFacts> InitContainers { get; init; } = [];

    internal bool IsReady => Condition("Ready")?.Status == "True";

    internal bool IsLeaving => DeletedAt is not null;

    /// <summary>When it was told to leave.</summary>
    internal DateTimeOffset? ToldAt => DeletedAt - Grace;

    /// <summary>The container that has probes, or the first.</summary>
    internal ContainerFacts? Main =>
        Containers.FirstOrDefault(container => container.Readiness is not null || container.Startup is not null)
        ?? (Containers is [var first, ..] ? first : null);

    internal ConditionFacts? Condition(string type) => Conditions.FirstOrDefault(condition => condition.Type == type);

    /// <summary>Pods with the same signature fail (or not) for the same reason.</summary>
    internal string Signature => string.Join('|',
        OwnerName,
        Phase,
        Reason,
        IsReady,
        IsLeaving,
        Condition("PodScheduled")?.Status,
        Condition("ContainersReady")?.Status,
        Condition("Ready")?.Reason,
        string.Join(',', Containers.Concat(InitContainers).Select(container => string.Create(
            CultureInfo.InvariantCulture,
            $"{container.Ready}{container.Started}{container.State.Kind}{container.State.Reason}{container.Last.Reason}"
                + $"{container.Last.ExitCode}{(container.Restarts > 0 ? "r" : string.Empty)}"))));
}

/// <summary>A condition of an object's status.</summary>
internal sealed record ConditionFacts(string Type, string Status, string? Reason, string? Message, DateTimeOffset? Since);

/// <summary>A container's state: <c>running</c>, <c>waiting</c>, <c>terminated</c>, or empty.</summary>
internal sealed record StateFacts(string Kind, string? Reason, string? Message, int? ExitCode, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt)
{
    internal static StateFacts None { get; } = new(string.Empty, null, null, null, null, null);
}

/// <summary>A container as it is wanted and as it is.</summary>
internal sealed record ContainerFacts
{
    internal required string Name { get; init; }

    internal required ContainerSpec Spec { get; init; }

    internal bool Ready { get; init; }

    internal bool Started { get; init; }

    internal int Restarts { get; init; }

    internal StateFacts State { get; init; } = StateFacts.None;

    internal StateFacts Last { get; init; } = StateFacts.None;

    internal ProbeFacts? Startup => Spec.Startup;

    internal ProbeFacts? Readiness => Spec.Readiness;

    internal ProbeFacts? Liveness => Spec.Liveness;
}

/// <summary>What a container is wanted to be; the pods of one ReplicaSet share it.</summary>
internal sealed record ContainerSpec
{
    internal string Image { get; init; } = string.Empty;

    internal string? PullPolicy { get; init; }

    internal IReadOnlyList<(string Name, int Number)> Ports { get; init; } = [];

    internal ProbeFacts? Startup { get; init; }

    internal ProbeFacts? Readiness { get; init; }

    internal ProbeFacts? Liveness { get; init; }

    internal string? MemoryLimit { get; init; }

    internal string? MemoryRequest { get; init; }

    internal string? CpuRequest { get; init; }

    internal string? CpuLimit { get; init; }

    /// <summary>Names of its environment variables, with where each comes from: an object's name, or empty for a literal.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Literal values of the variables that say where a server listens; no other value is kept.</summary>
    internal IReadOnlyDictionary<string, string> Bindings { get; init; } = new Dictionary<string, string>();

    /// <summary>The number of a port given by number or name; null when the name is not declared.</summary>
    internal int? PortNumber(string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Ports.Where(declared => declared.Name == port).Select(declared => (int?)declared.Number).FirstOrDefault();
}

/// <summary>A probe as the kubelet is told to make it.</summary>
internal sealed record ProbeFacts(string Kind, string Handler, string Path, string Port, string Scheme, TimeSpan Delay, TimeSpan Period,
    TimeSpan Timeout, int Failures)
{
    /// <summary>How long it may fail before the kubelet acts.</summary>
    internal TimeSpan Allowance => Delay + (Period * Failures);
}

/// <summary>Reads pods of the Kubernetes API.</summary>
internal sealed class PodReader
{
    private static readonly string[] BindingVariables =
        ["CANDOR_BIND", "ASPNETCORE_URLS", "DOTNET_URLS", "URLS", "HOST", "BIND", "BIND_ADDRESS", "LISTEN", "LISTEN_ADDRESS",
        "SERVER_ADDRESS", "ASPNETCORE_HTTP_PORTS", "HTTP_PORTS", "PORT"];

    private static readonly string[] Handlers = ["httpGet", "tcpSocket", "grpc", "exec"];
    private static readonly string[] States = ["terminated", "waiting", "running"];
    private readonly Dictionary<(string Owner, string Container), ContainerSpec> _specs = [];
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    internal PodFacts Read(PlanValue pod)
    {
        var metadata = pod["metadata"];
        var spec = pod["spec"];
        var status = pod["status"];
        var owner = metadata["ownerReferences"].Items.FirstOrDefault(reference => reference["controller"].Boolean == true);
        var ownerName = Known(owner["name"].Text ?? string.Empty);
        return new()
        {
            Name = metadata["name"].Text ?? throw new FormatException("A pod has no name."),
            OwnerKind = Known(owner["kind"].Text ?? string.Empty),
            OwnerName = ownerName,
            Labels = metadata["labels"].Properties.Where(label => label.Value.Text is not null).Take(64)
                .ToDictionary(label => Known(label.Key), label => Known(label.Value.Text!), StringComparer.Ordinal),
            ContractHash = metadata["annotations"][Contract.ContractHash.Annotation].Text,
            Phase = Known(status["phase"].Text ?? string.Empty),
            Reason = status["reason"].Text,
            Message = status["message"].Text,
            CreatedAt = Time(metadata["creationTimestamp"]),
            DeletedAt = Time(metadata["deletionTimestamp"]),
            Grace = Seconds(metadata["deletionGracePeriodSeconds"], spec["terminationGracePeriodSeconds"].Number ?? 30),
            HasFinalizers = metadata["finalizers"].Items.Any(),
            Node = spec["nodeName"].Text is { } node ? Known(node) : null,
            Address = status["podIP"].Text,
            Gates = [.. spec["readinessGates"].Items.Select(gate => Known(gate["conditionType"].Text ?? string.Empty))
                .Where(gate => gate.Length > 0)],
            Conditions = [.. Conditions(status["conditions"])],
            Containers = [.. Containers(spec["containers"], status["containerStatuses"], ownerName, string.Empty)],
            InitContainers = [.. Containers(spec["initContainers"], status["initContainerStatuses"], ownerName, "init:")],
        };
    }

    internal static IEnumerable<ConditionFacts> Conditions(PlanValue conditions) => conditions.Items
        .Where(condition => condition["type"].Text is not null)
        .Select(condition =>
            new ConditionFacts(condition["type"].Text!, condition["status"].Text ?? string.Empty, condition["reason"].Text,
            condition["message"].Text, Time(condition["lastTransitionTime"])));

    internal static DateTimeOffset? Time(PlanValue value) =>
        value.Text is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    internal static int Whole(PlanValue value, int missing) => value.Number is { } number and >= int.MinValue and <= int.MaxValue
        ? (int)number : missing;

    private static TimeSpan Seconds(PlanValue value, double missing) => TimeSpan.FromSeconds(Math.Clamp(value.Number ?? missing, 0, 1e7));

    private IEnumerable<ContainerFacts> Containers(PlanValue specs, PlanValue statuses, string owner, string prefix)
    {
        foreach (var spec in specs.Items)
        {
            var name = Known(spec["name"].Text ?? string.Empty);
            var status = statuses.Items.FirstOrDefault(candidate => candidate["name"].Text == name);
            yield return new()
            {
                Name = name,
                Spec = SpecOf(spec, owner, prefix + name),
                Ready = status["ready"].Boolean == true,
                Started = status["started"].Boolean == true,
                Restarts = Whole(status["restartCount"], 0),
                State = State(status["state"]),
                Last = State(status["lastState"]),
            };
        }
    }

    // The pods of a ReplicaSet are alike; a bare pod has no owner and is read each time.
    private ContainerSpec SpecOf(PlanValue spec, string owner, string name)
    {
        if (owner.Length > 0 && _specs.TryGetValue((owner, name), out var known))
        {
            return known;
        }

        var read = Spec(spec);
        if (owner.Length > 0)
        {
            _specs[(owner, name)] = read;
        }

        return read;
    }

    internal static ContainerSpec Spec(PlanValue spec) => new()
    {
        Image = spec["image"].Text ?? string.Empty,
        PullPolicy = spec["imagePullPolicy"].Text,
        Ports = [.. spec["ports"].Items.Select(port => (port["name"].Text ?? string.Empty, Whole(port["containerPort"], 0)))],
        Startup = Probe(spec["startupProbe"], "startup"),
        Readiness = Probe(spec["readinessProbe"], "readiness"),
        Liveness = Probe(spec["livenessProbe"], "liveness"),
        MemoryLimit = Quantity(spec["resources"]["limits"]["memory"]),
        MemoryRequest = Quantity(spec["resources"]["requests"]["memory"]),
        CpuRequest = Quantity(spec["resources"]["requests"]["cpu"]),
        CpuLimit = Quantity(spec["resources"]["limits"]["cpu"]),
        Environment = Environment(spec["env"]),
        Bindings = spec["env"].Items
            .Where(entry => BindingVariables.Contains(entry["name"].Text) && entry["value"].Text is { Length: > 0 and < 200 })
            .GroupBy(entry => entry["name"].Text!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last()["value"].Text!, StringComparer.Ordinal),
    };

    private static Dictionary<string, string> Environment(PlanValue entries)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries.Items.Where(entry => entry["name"].Text is not null).Take(512))
        {
            var from = entry["valueFrom"];
            environment[entry["name"].Text!] = from["secretKeyRef"]["name"].Text is { } secret ? $"Secret {secret}"
                : from["configMapKeyRef"]["name"].Text is { } map ? $"ConfigMap {map}"
                : string.Empty;
        }

        return environment;
    }

    private static string? Quantity(PlanValue value) => value.Text ?? value.Number?.ToString(CultureInfo.InvariantCulture);

    private static ProbeFacts? Probe(PlanValue probe, string kind)
    {
        if (!probe.Exists)
        {
            return null;
        }

        var handler = Handlers.FirstOrDefault(name => probe[name].Exists) ?? string.Empty;
        var action = probe[handler];
        return new(
            kind,
            handler,
            action["path"].Text ?? "/",
            action["port"].Text ?? action["port"].Number?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
            action["scheme"].Text ?? "HTTP",
            Seconds(probe["initialDelaySeconds"], 0),
            Seconds(probe["periodSeconds"], 10),
            Seconds(probe["timeoutSeconds"], 1),
            Math.Clamp(Whole(probe["failureThreshold"], 3), 1, 10_000));
    }

    private static StateFacts State(PlanValue state)
    {
        foreach (var kind in States)
        {
            if (state[kind] is { Exists: true } found)
            {
                return new(
                    kind,
                    found["reason"].Text,
                    found["message"].Text,
                    kind == "terminated" ? Whole(found["exitCode"], -1) : null,
                    Time(found["startedAt"]),
                    Time(found["finishedAt"]));
            }
        }

        return StateFacts.None;
    }

    private string Known(string text)
    {
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }

        _known[text] = text;
        return text;
    }
}
