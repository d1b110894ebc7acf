namespace Candor.Planning;

/// <summary>
/// Finds resources of a Plan without walking all of it: by URN, type, reference or parent. Built once for a list of resources.
/// </summary>
public sealed class PlanIndex
{
    private readonly Dictionary<string, PlanResource> _byUrn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanResource> _byReference = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Namespace, string Name), PlanResource> _byKubernetesName = [];
    private readonly Lazy<ILookup<(string Namespace, string Label, string? Value), PlanResource>> _servicesByLabel;
    private readonly Lazy<ILookup<(string Namespace, string Name), PlanResource>> _bindingsByService;
    private readonly ILookup<string, PlanResource> _byType;
    private readonly ILookup<string, PlanResource> _byParent;

    /// <summary>Indexes the resources; where two share a URN or a reference, the first is found.</summary>
    public PlanIndex(IReadOnlyList<PlanResource> resources)
    {
        Resources = resources;
        _byType = resources.ToLookup(resource => resource.CanonicalType, StringComparer.Ordinal);
        _byParent = resources.ToLookup(resource => resource.Parent ?? string.Empty, StringComparer.Ordinal);
        _servicesByLabel = new(() => OfType(ResourceTypes.Service)
            .Where(service => service.Inputs["spec"]["selector"].Properties.Any())
            .ToLookup(service => FirstLabel(service)));
        _bindingsByService = new(() => OfType(ResourceTypes.TargetGroupBinding)
            .ToLookup(binding => (binding.KubernetesNamespace, binding.Inputs["spec"]["serviceRef"]["name"].Text ?? string.Empty)));
        foreach (var resource in resources)
        {
            _byUrn.TryAdd(resource.Urn, resource);
            AddReferences(resource);
        }
    }

    /// <summary>What was indexed.</summary>
    public IReadOnlyList<PlanResource> Resources { get; }

    /// <summary>The resource of the URN (<c>type::name</c>), or null.</summary>
    public PlanResource? Find(string? urn) => urn is null ? null : _byUrn.GetValueOrDefault(urn);

    /// <summary>Every resource of the type token, also by an older token of the same type, in the Plan's order.</summary>
    public IEnumerable<PlanResource> OfType(string token) => _byType[token];

    /// <summary>The resources whose parent is the URN, or with null those without a parent, in the Plan's order.</summary>
    public IEnumerable<PlanResource> ChildrenOf(string? urn) => _byParent[urn ?? string.Empty];

    /// <summary>The resource whose id or ARN the text is, or null.</summary>
    public PlanResource? Resolve(string? reference) => reference is null ? null : _byReference.GetValueOrDefault(reference);

    /// <summary>The Kubernetes object of the type in a namespace, or null.</summary>
    /// <param name="token">Type token, such as <see cref="ResourceTypes.ConfigMap"/>.</param>
    /// <param name="namespace">Its namespace; <c>default</c> when an object gives none.</param>
    /// <param name="name">Its <c>metadata.name</c>.</param>
    public PlanResource? Kubernetes(string token, string @namespace, string? name) =>
        name is null ? null : _byKubernetesName.GetValueOrDefault((token, @namespace, name));

    /// <summary>The Services of a namespace whose selector selects the labels, in the Plan's order.</summary>
    internal IEnumerable<PlanResource> ServicesSelecting(string @namespace, PlanValue labels) =>
        labels.Properties
            .SelectMany(label => _servicesByLabel.Value[(@namespace, label.Key, label.Value.Text)])
            .Where(service => LabelSelector.MatchesService(service.Inputs["spec"]["selector"], labels))
            .Distinct()
            .OrderBy(service => service.Urn, StringComparer.Ordinal);

    /// <summary>The TargetGroupBindings of a Service, in the Plan's order.</summary>
    internal IEnumerable<PlanResource> BindingsOf(PlanResource service) =>
        _bindingsByService.Value[(service.KubernetesNamespace, service.KubernetesName)];

    private static (string Namespace, string Label, string? Value) FirstLabel(PlanResource service)
    {
        var label = service.Inputs["spec"]["selector"].Properties.First();
        return (service.KubernetesNamespace, label.Key, label.Value.Text);
    }

    private void AddReferences(PlanResource resource)
    {
        if (resource.Id is { } id)
        {
            _byReference.TryAdd(id, resource);
        }

        if (resource.Arn is { } arn)
        {
            _byReference.TryAdd(arn, resource);
        }

        if (resource.IsKubernetes)
        {
            _byKubernetesName.TryAdd((resource.CanonicalType, resource.KubernetesNamespace, resource.KubernetesName), resource);
        }
    }
}
