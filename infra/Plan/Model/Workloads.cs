namespace Candor.Planning;

/// <summary>What a Plan's workloads (Deployments and StatefulSets) are made of, and what selects and feeds them.</summary>
public static class Workloads
{
    /// <summary>The environment variable and ConfigMap key that holds a service's contract.</summary>
    public const string ContractVariable = "CANDOR_CONTRACT";

    /// <summary>Every Deployment and StatefulSet, in the Plan's order.</summary>
    public static IEnumerable<PlanResource> WorkloadsOf(this Plan plan) =>
        plan.Resources.Where(resource => resource.CanonicalType is ResourceTypes.Deployment or ResourceTypes.StatefulSet);

    /// <summary>The Services whose selector selects the workload's pods, in its namespace.</summary>
    public static IEnumerable<PlanResource> ServicesOf(this Plan plan, PlanResource workload) =>
        plan.Index.ServicesSelecting(workload.KubernetesNamespace, workload.PodLabels());

    /// <summary>The workloads that a Service selects.</summary>
    public static IEnumerable<PlanResource> WorkloadsBehind(this Plan plan, PlanResource service) =>
        plan.WorkloadsOf().Where(workload =>
            service.KubernetesNamespace == workload.KubernetesNamespace
            && LabelSelector.MatchesService(service.Inputs["spec"]["selector"], workload.PodLabels()));

    /// <summary>The TargetGroupBindings that register the workload's pods.</summary>
    public static IEnumerable<PlanResource> BindingsOf(this Plan plan, PlanResource workload) =>
        plan.ServicesOf(workload).SelectMany(plan.Index.BindingsOf);

    /// <summary>The target groups that the workload's pods are registered with.</summary>
    public static IEnumerable<PlanResource> TargetGroupsOf(this Plan plan, PlanResource workload) =>
        plan.BindingsOf(workload)
            .Select(binding => plan.Index.Resolve(binding.Inputs["spec"]["targetGroupARN"].Text))
            .OfType<PlanResource>()
            .Distinct();

    /// <summary>The pod template's spec.</summary>
    public static PlanValue PodSpec(this PlanResource workload) => workload.Inputs["spec"]["template"]["spec"];

    /// <summary>The pod template's labels.</summary>
    public static PlanValue PodLabels(this PlanResource workload) => workload.Inputs["spec"]["template"]["metadata"]["labels"];

    /// <summary>The pod template's annotations.</summary>
    public static PlanValue PodAnnotations(this PlanResource workload) => workload.Inputs["spec"]["template"]["metadata"]["annotations"];

    /// <summary>The containers of the pod template, without init containers.</summary>
    public static IEnumerable<PlanValue> Containers(this PlanResource workload) => workload.PodSpec()["containers"].Items;

    /// <summary>
    /// The number of a container's port given as a number or by name (Kubernetes allows both in probes and Services), or null when
    /// the name is not declared.
    /// </summary>
    public static int? PortNumber(PlanValue container, PlanValue port)
    {
        if (port.Number is { } number and >= 1 and <= 65535 && number == Math.Floor(number))
        {
            return (int)number;
        }

        var declared = container["ports"].Items.FirstOrDefault(candidate => port.Text is { } name && candidate["name"].Text == name);
        return declared["containerPort"].Number is { } found ? (int)found : null;
    }

    /// <summary>
    /// The value of an environment variable of a container as the kubelet would set it: a literal, a key of a ConfigMap or Secret,
    /// or one taken over whole by <c>envFrom</c>. Null when it is not set, or set from something that the Plan does not hold.
    /// </summary>
    public static string? EnvironmentVariable(this Plan plan, PlanResource workload, PlanValue container, string name)
    {
        var set = container["env"].Items.LastOrDefault(entry => entry["name"].Text == name);
        return set.Exists ? EntryValue(plan, workload, set) : FromWhole(plan, workload, container, name);
    }

    /// <summary>Every environment variable of a container as the kubelet would set it, later ones over earlier ones.</summary>
    public static IReadOnlyDictionary<string, string> Environment(this Plan plan, PlanResource workload, PlanValue container)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in container["envFrom"].Items)
        {
            foreach (var (key, value) in DataOf(Source(plan, workload, source["configMapRef"], source["secretRef"])))
            {
                environment[source["prefix"].Text + key] = value;
            }
        }

        foreach (var entry in container["env"].Items)
        {
            if (entry["name"].Text is { } name && EntryValue(plan, workload, entry) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    /// <summary>The JSON of the contract that the workload's first container is given, or null when it is given none.</summary>
    public static string? ContractTextOf(this Plan plan, PlanResource workload) =>
        workload.Containers()
            .Select(container => plan.EnvironmentVariable(workload, container, ContractVariable))
            .FirstOrDefault(text => text is not null);

    private static string? EntryValue(Plan plan, PlanResource workload, PlanValue entry)
    {
        if (entry["value"].Text is { } literal)
        {
            return literal;
        }

        var from = entry["valueFrom"];
        var key = from["configMapKeyRef"]["key"].Text ?? from["secretKeyRef"]["key"].Text;
        var source = Source(plan, workload, from["configMapKeyRef"], from["secretKeyRef"]);
        return DataOf(source).Where(pair => pair.Key == key).Select(pair => pair.Value).FirstOrDefault();
    }

    private static string? FromWhole(Plan plan, PlanResource workload, PlanValue container, string name) =>
        container["envFrom"].Items
            .SelectMany(source => DataOf(Source(plan, workload, source["configMapRef"], source["secretRef"]))
                .Where(pair => source["prefix"].Text + pair.Key == name))
            .Select(pair => pair.Value)
            .LastOrDefault();

    private static PlanResource? Source(Plan plan, PlanResource workload, PlanValue configMap, PlanValue secret) =>
        plan.Index.Kubernetes(ResourceTypes.ConfigMap, workload.KubernetesNamespace, configMap["name"].Text)
        ?? plan.Index.Kubernetes(ResourceTypes.Secret, workload.KubernetesNamespace, secret["name"].Text);

    private static IEnumerable<KeyValuePair<string, string>> DataOf(PlanResource? source) =>
        source is null
            ? []
            : EncodedData(source)
                .Concat(source.Inputs["stringData"].Properties)
                .Where(pair => pair.Value.Text is not null)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text!));

    // A Secret's data is base64; its stringData, and a ConfigMap's data, are plain.
    private static IEnumerable<KeyValuePair<string, PlanValue>> EncodedData(PlanResource source) =>
        source.Type == ResourceTypes.Secret
            ? source.Inputs["data"].Properties.Select(pair => KeyValuePair.Create(pair.Key, Decoded(pair.Value)))
            : source.Inputs["data"].Properties;

    private static PlanValue Decoded(PlanValue value)
    {
        var buffer = new byte[value.Text?.Length ?? 0];
        return Convert.TryFromBase64String(value.Text ?? string.Empty, buffer, out var length)
            ? PlanValue.From(System.Text.Encoding.UTF8.GetString(buffer, 0, length))
            : PlanValue.Missing;
    }
}
