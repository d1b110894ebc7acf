using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>TG: whether target group, binding, Service and pods find each other, and mean the same contract.</summary>
internal sealed class TargetGroupBindings : RuleFamily
{
    internal static readonly Rule Resolves = new()
    {
        Id = "TG001",
        Severity = Severity.Error,
        Holds = "binding, Service, port and selector lead to pods; targets are ips; each target group has one owner",
        Why = "The balancer would have no target, or two controllers would register and deregister each other's.",
        Fix = "Correct the reference.",
        Example = "spec.serviceRef.name is \"order\", expected a Service in namespace orders",
        Counterparts = new("service-targets-pod, ingress-targets-service", "dangling-service"),
    };

    internal static readonly Rule SameContract = new()
    {
        Id = "TG002",
        Severity = Severity.Error,
        Holds = "the target group's tag, the pods' annotation and the contract that the app is given have the same hash, and the contract holds",
        Why = "Balancer, kubelet and app would go by different numbers, each sure of its own.",
        Fix = "Write tag, annotation and CANDOR_CONTRACT from one contract.",
        Example = "tags[\"candor:contract-hash\"] is \"4c1d\", expected the hash of the contract that orders is given (\"9e0f\")",
    };

    internal const string Attachment = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

    /// <inheritdoc />
    public override string Title => "Target groups and their bindings";

    /// <inheritdoc />
    public override string Reads =>
        "TargetGroupBindings, target groups and their attachments, Services, backends of Ingresses and of Gateway API routes";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [Resolves, SameContract];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var binding in scope.OfType(ResourceTypes.TargetGroupBinding))
        {
            CheckBinding(scope, binding, findings);
        }

        CheckOwners(scope, findings);
        foreach (var route in scope.Routes)
        {
            CheckPath(scope, route, findings);
            CheckHash(route, findings);
        }

        foreach (var workload in scope.Workloads.All)
        {
            CheckContract(workload, findings);
        }
    }

    private static void CheckBinding(LintScope scope, PlanResource binding, FindingList findings)
    {
        var spec = binding.Inputs["spec"];
        if (!spec["targetType"].IsUnknown() && spec["targetType"].Exists && spec["targetType"].Text != "ip")
        {
            findings.Add(Resolves, binding, "spec.targetType", spec["targetType"].Shown(), "\"ip\"", "Set the target type to ip.");
        }

        var name = spec["serviceRef"]["name"];
        if (name.Known() is { } service && scope.Plan.Index.Kubernetes(ResourceTypes.Service, binding.KubernetesNamespace, service) is null
            && !binding.Inputs["metadata"]["namespace"].IsUnknown())
        {
            findings.Add(Resolves, binding, "spec.serviceRef.name", name.Shown(), $"a Service in namespace {binding.KubernetesNamespace}{Names(scope, binding.KubernetesNamespace)}");
        }
    }

    private static string Names(LintScope scope, string @namespace)
    {
        var names = scope.OfType(ResourceTypes.Service).Where(service => service.KubernetesNamespace == @namespace).Select(service => service.KubernetesName).Take(5).ToList();
        return names.Count == 0 ? string.Empty : $": {string.Join(", ", names)}";
    }

    private static void CheckOwners(LintScope scope, FindingList findings)
    {
        var owners = scope.OfType(ResourceTypes.TargetGroupBinding).Select(binding => (binding, arn: binding.Inputs["spec"]["targetGroupARN"].Text))
            .Concat(scope.OfType(Attachment).Select(attachment => (attachment, arn: attachment.Inputs["targetGroupArn"].Text)))
            .ToLookup(owner => scope.Plan.Index.Resolve(owner.Item2)?.Urn, owner => owner.Item1, StringComparer.Ordinal);
        var allKnown = owners[null].All(owner => !IsUnresolved(owner));
        foreach (var group in scope.OfType(ResourceTypes.TargetGroup))
        {
            var mine = owners[group.Urn].ToList();
            if (mine.Count > 1 && mine.Exists(owner => owner.Type == ResourceTypes.TargetGroupBinding))
            {
                findings.Add(Resolves, group, string.Empty, $"registered by {string.Join(" and ", mine.Select(owner => owner.Name))}", "one owner");
            }

            var type = group.Inputs["targetType"];
            if (mine.Exists(owner => owner.Type == ResourceTypes.TargetGroupBinding) && !type.IsUnknown() && type.Text != "ip")
            {
                findings.Add(Resolves, group, "targetType", type.IsMissing() ? "not set (\"instance\")" : type.Shown(), "\"ip\", because the binding registers pods", "Set the target type to ip.");
            }

            // Elsewhere (an Auto Scaling group, ECS) others register; next to bindings, an ip group without one has been forgotten.
            if (mine.Count == 0 && allKnown && type.Text == "ip" && scope.OfType(ResourceTypes.TargetGroupBinding).Any())
            {
                findings.Add(Resolves, group, string.Empty, "registered by no TargetGroupBinding", "one TargetGroupBinding whose spec.targetGroupARN is its ARN");
            }
        }
    }

    private static bool IsUnresolved(PlanResource owner)
    {
        var arn = owner.Inputs["spec"]["targetGroupARN"].Exists ? owner.Inputs["spec"]["targetGroupARN"] : owner.Inputs["targetGroupArn"];
        return arn.IsUnknown();
    }

    private static void CheckPath(LintScope scope, Route route, FindingList findings)
    {
        if (route.Service is not { } service)
        {
            return;
        }

        var from = route.Binding ?? route.Ingress;
        if (from is not null && route.ServicePort.IsMissing() && !service.Inputs["spec"]["ports"].HasUnknown())
        {
            var asked = route.Binding is { } binding ? binding.Inputs["spec"]["serviceRef"]["port"] : PlanValue.Missing;
            if (!asked.IsUnknown())
            {
                findings.Add(Resolves, from, route.Binding is null ? "spec.rules" : "spec.serviceRef.port", asked.Exists ? asked.Shown() : "a port that is not there",
                    $"a port of the Service {service.KubernetesName}: {string.Join(", ", service.Inputs["spec"]["ports"].Items.Select(port => port["port"].Shown()))}");
            }

            return;
        }

        if (route.Workload is not { } workload)
        {
            var selector = service.Inputs["spec"]["selector"];
            if (selector.Properties.Any() && !selector.Properties.Any(label => label.Value.IsUnknown()) && scope.Workloads.In(service.KubernetesNamespace).Any() && !scope.Workloads.LabelsUnknownIn(service.KubernetesNamespace))
            {
                findings.Add(Resolves, service, "spec.selector", selector.Shown(), $"the labels of pods in namespace {service.KubernetesNamespace}");
            }

            return;
        }

        CheckTargetPort(route, service, workload, findings);
    }

    private static void CheckTargetPort(Route route, PlanResource service, Workload workload, FindingList findings)
    {
        if (route.TargetPort.IsMissing() || route.TargetPort.IsUnknown() || workload.Containers.Any(container => container.PortsUnknown || container.Ports.Count == 0))
        {
            return;
        }

        var path = $"{route.ServicePortPath}.targetPort";
        if (!workload.Containers.Any(container => container.Has(route.TargetPort)))
        {
            findings.Add(Resolves, service, path, route.TargetPort.Shown(),
                $"a port that {workload.Resource.Name} declares: {string.Join(", ", workload.Containers.SelectMany(container => container.Ports).Select(port => port["containerPort"].Shown()))}");
        }
        else if (workload.Contract is { } contract && route.TrafficPort is { } port && port != contract.Port && port != contract.ManagementPort)
        {
            findings.Add(Resolves, service, path, route.TargetPort.Shown(), $"the contract's port ({contract.Port})");
        }
    }

    private static void CheckContract(Workload workload, FindingList findings)
    {
        foreach (var problem in workload.ContractProblems)
        {
            findings.Add(SameContract, workload.Resource, Workloads.ContractVariable, $"a contract whose {problem.Path} is {problem.Found} ({problem.Id})", problem.Expected, problem.Fix, why: "The app refuses to start with it.");
        }

        if (workload.Hash is not { } hash || workload.Plan.ContractTextOf(workload.Resource) is null)
        {
            return;
        }

        var annotation = workload.Annotations[ContractHash.Annotation];
        if (!annotation.IsUnknown() && annotation.Text != hash)
        {
            findings.Add(SameContract, workload.Resource, $"spec.template.metadata.annotations[\"{ContractHash.Annotation}\"]", annotation.Shown(), $"the hash of the contract that {workload.Resource.Name} is given (\"{hash}\")");
        }
    }

    private static void CheckHash(Route route, FindingList findings)
    {
        if (route is not { TargetGroup: { } group, Workload: { } workload })
        {
            return;
        }

        var tag = group.Inputs["tags"][ContractHash.Tag];
        var annotation = workload.Annotations[ContractHash.Annotation];
        var hash = workload.Hash ?? annotation.Known();
        if (hash is not null && !tag.IsUnknown() && !group.Inputs["tags"].IsUnknown() && tag.Text != hash)
        {
            findings.Add(SameContract, group, $"tags[\"{ContractHash.Tag}\"]", tag.Shown(), $"the hash of the contract that {workload.Resource.Name} is given (\"{hash}\")");
        }
    }
}
