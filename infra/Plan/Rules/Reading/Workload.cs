using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>A Deployment, StatefulSet or DaemonSet, with what belongs to it.</summary>
internal sealed class Workload
{
    private const string SpecPath = "spec.template.spec";

    private string? _hash;

    internal Workload(Plan plan, PlanResource resource)
    {
        Plan = plan;
        Resource = resource;
        Spec = resource.PodSpec();
        Labels = resource.PodLabels();
        Annotations = resource.PodAnnotations();
        var sidecars = Spec["initContainers"].Items.Select((value, i) => (value, path: $"{SpecPath}.initContainers[{i}]"))
            .Where(container => container.value["restartPolicy"].Text == "Always");
        Containers = [.. Spec["containers"].Items.Select((value, i) => (value, path: $"{SpecPath}.containers[{i}]")).Concat(sidecars)
            .Select(container => new Container(this, container.value, container.path))];
        (Contract, ContractProblems) = ReadContract(plan, resource);
    }

    internal Plan Plan { get; }

    internal PlanResource Resource { get; }

    internal bool IsDeployment => Resource.CanonicalType == ResourceTypes.Deployment;

    internal string Namespace => Resource.KubernetesNamespace;

    internal PlanValue Spec { get; }

    internal PlanValue Labels { get; }

    /// <summary>Whether some of its labels are unknown until deployment.</summary>
    internal bool LabelsUnknown => Labels.IsUnknown() || Labels.Properties.Any(label => label.Value.IsUnknown());

    internal PlanValue Annotations { get; }

    /// <summary>Its containers, with native sidecars last.</summary>
    internal IReadOnlyList<Container> Containers { get; }

    /// <summary>The contract that its app is given, or null when it is given none that can be read.</summary>
    internal HealthContract? Contract { get; set; }

    /// <summary>
    /// The hash of the contract's text as it is given, whatever this version understands of it; of <see cref="Contract"/> where it is
    /// given none; null without either.
    /// </summary>
    internal string? Hash => Contract is not { } contract ? null
        : _hash ??= Plan.ContractTextOf(Resource) is { } text && !PlanValueReading.IsUnknown(text) ? ContractHash.OfText(text) : ContractHash.Of(contract);

    /// <summary>Why the contract that it is given cannot be used; empty when it can, or when there is none.</summary>
    internal IReadOnlyList<Violation> ContractProblems { get; }

    /// <summary>Whether its app is given a contract at all, one that can be read or not.</summary>
    internal bool IsGivenContract => ContractProblems.Count > 0
        || Containers.Any(container => container.Value["env"].Items.Any(entry => entry["name"].Text == Workloads.ContractVariable));

    /// <summary>Services that select its pods.</summary>
    internal IReadOnlyList<PlanResource> Services { get; set; } = [];

    /// <summary>The autoscaler that sets its replicas, or null.</summary>
    internal PlanResource? Autoscaler { get; set; }

    /// <summary>Whether an autoscaler of the namespace may be its own, because nobody knows yet what it scales.</summary>
    internal bool ReplicasUnknown { get; set; }

    /// <summary>Budgets that select its pods.</summary>
    internal IReadOnlyList<PlanResource> Budgets { get; set; } = [];

    /// <summary>Network policies that select its pods.</summary>
    internal IReadOnlyList<PlanResource> Policies { get; set; } = [];

    /// <summary>The fewest pods it runs with: the autoscaler's minimum, or its own replicas; null when unknown or one per node.</summary>
    internal int? Replicas => Resource.CanonicalType == ResourceTypes.DaemonSet || ReplicasUnknown
        ? null
        : Autoscaler is { } autoscaler ? autoscaler.Inputs["spec"]["minReplicas"].Whole(1) : Resource.Inputs["spec"]["replicas"].Whole(1);

    /// <summary>Where <see cref="Replicas"/> stands.</summary>
    internal Field ReplicasField => Autoscaler is { } autoscaler
        ? new(autoscaler, "spec.minReplicas", autoscaler.Inputs["spec"]["minReplicas"])
        : new(Resource, "spec.replicas", Resource.Inputs["spec"]["replicas"]);

    /// <summary>
    /// The claims of its volumes that only one node can mount (ReadWriteOnce, ReadWriteOncePod), so that a second replica could not
    /// start beside the first. A claim that is not in the Plan may be one.
    /// </summary>
    internal IReadOnlyList<(string Name, PlanResource? Resource)> ExclusiveClaims =>
        [.. Spec["volumes"].Items
            .Select(volume => volume["persistentVolumeClaim"]["claimName"].Text)
            .OfType<string>()
            .Select(name => (name, Plan.Index.Kubernetes(KubernetesTypes.PersistentVolumeClaim, Namespace, name)))
            .Where(claim => claim.Item2 is not { } resource || IsExclusive(resource.Inputs["spec"]["accessModes"]))];

    /// <summary>terminationGracePeriodSeconds; 30 s when missing, null when unknown.</summary>
    internal TimeSpan? Grace => Spec["terminationGracePeriodSeconds"].Seconds(30);

    internal Field GraceField => new(Resource, $"{SpecPath}.terminationGracePeriodSeconds", Spec["terminationGracePeriodSeconds"]);

    /// <summary>maxUnavailable of the rolling update as a count (default 25 %, rounded down); null when unknown.</summary>
    internal int? MaxUnavailable(int replicas) => IntOrPercent.Of(Or(RollingUpdate["maxUnavailable"], "25%"), replicas, up: false);

    /// <summary>maxSurge of the rolling update as a count (default 25 %, rounded up); null when unknown.</summary>
    internal int? MaxSurge(int replicas) => IntOrPercent.Of(Or(RollingUpdate["maxSurge"], "25%"), replicas, up: true);

    /// <summary>What a rolling update of it looks like, or null when a number is unknown or makes no sense.</summary>
    internal RolloutShape? Rollout =>
        Replicas is { } replicas and > 0 and < 100_000
        && MaxSurge(replicas) is { } surge and >= 0 && MaxUnavailable(replicas) is { } unavailable and >= 0
        && Resource.Inputs["spec"]["minReadySeconds"].Seconds(0) is { } minReady
            ? new(replicas, surge, unavailable, minReady)
            : null;

    internal PlanValue RollingUpdate => Resource.Inputs["spec"]["strategy"]["rollingUpdate"];

    /// <summary>Whether one of its containers declares the port, or may do so because not all of them say which they have.</summary>
    internal bool MayListenOn(int port) => Containers.Any(container => container.PortsUnknown || container.Ports.Count == 0 || container.Declares(port));

    /// <summary>The container that declares a port given as a number or by name, else the only one there is.</summary>
    internal Container? ContainerOf(PlanValue port) =>
        Containers.FirstOrDefault(container => container.Has(port)) ?? (Containers.Count == 1 ? Containers[0] : null);

    private static bool IsExclusive(PlanValue modes) => !modes.Items.Any(mode => mode.Text is "ReadWriteMany" or "ReadOnlyMany");

    private static PlanValue Or(PlanValue value, string missing) => value.IsMissing() ? PlanValue.From(missing) : value;

    private static (HealthContract?, IReadOnlyList<Violation>) ReadContract(Plan plan, PlanResource resource)
    {
        if (plan.ContractTextOf(resource) is not { } text || PlanValueReading.IsUnknown(text))
        {
            return (null, []);
        }

        // Only a contract that holds can be reckoned with: an absurd one would overflow the timeline, and its app refuses to start.
        // What this version does not know is passed over, as the app does.
        var (reading, violations) = ContractJson.ReadLenient(text);
        if (violations.Count == 0)
        {
            violations = ContractValidator.Validate(reading.Contract);
        }

        return violations.Count == 0 ? (reading.Contract, []) : (null, violations);
    }
}
