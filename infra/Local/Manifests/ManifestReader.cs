using Candor.Planning;

namespace Candor.Local;

/// <summary>Reads a Plan into what this machine realises. Everything that is wrong is collected and reported at once.</summary>
internal sealed class ManifestReader
{
    private readonly Plan _plan;
    private readonly double _speed;
    private readonly Func<string, string?> _imageDigest;
    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];

    private ManifestReader(Plan plan, double speed, Func<string, string?> imageDigest)
    {
        _plan = plan;
        _speed = speed;
        _imageDigest = imageDigest;
    }

    /// <summary>
    /// Reads <paramref name="plan"/>; <paramref name="imageDigest"/> tells an image's content, or null where it does not change.
    /// </summary>
    /// <exception cref="LocalException">The Plan cannot be realised; the message lists every reason.</exception>
    public static Manifest Read(Plan plan, double speed, Func<string, string?> imageDigest)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new ManifestReader(plan, speed, imageDigest).Read();
    }

    private Manifest Read()
    {
        var values = new KeyValueSources(_plan);
        var templates = new PodTemplateReader(values, _speed, _imageDigest, _problems, _notes);
        var workloads = new WorkloadReader(_plan, templates, _speed, _problems);
        var balancer = new BalancerReader(_plan, _speed, _problems, _notes);

        var manifest = new Manifest
        {
            Workloads =
            [
                .. Of(ResourceTypes.StatefulSet).Select(workloads.StatefulSet),
                .. Of(ResourceTypes.Deployment).Select(workloads.Deployment),
            ],
            Services = [.. Of(ResourceTypes.Service).Select(Service)],
            Bindings = [.. Of(ResourceTypes.TargetGroupBinding).Select(balancer.Binding)],
            TargetGroups = [.. Of(ResourceTypes.TargetGroup).Select(balancer.TargetGroup)],
            Listeners = [.. balancer.Listeners(Of(ResourceTypes.Listener))],
            Notes = _notes,
        };
        if (manifest.Workloads.Count == 0)
        {
            _problems.Add($"Stack {_plan.Stack} declares no Deployment and no StatefulSet, so there is nothing to run.");
        }

        return _problems.Count == 0
            ? manifest
            : throw new LocalException(
                $"The Plan of stack {_plan.Stack} cannot be run on this machine:{string.Concat(_problems.Select(p => $"\n  - {p}"))}");
    }

    private IEnumerable<PlanResource> Of(string type) => _plan.Index.OfType(type);

    private static ServiceSpec Service(PlanResource resource)
    {
        var spec = resource.Inputs["spec"];
        return new(
            resource.KubernetesNamespace,
            resource.KubernetesName,
            spec["selector"].Texts(),
            [
                .. spec["ports"].Items.Select(port => new ServicePort(
                    port["name"].Text,
                    (int)(port["port"].Number ?? 0),
                    (port["targetPort"].Exists ? port["targetPort"] : port["port"]).PortText())),
            ]);
    }
}

/// <summary>The part of a Plan that this machine can realise, read once, with every duration already divided by the speed.</summary>
internal sealed record Manifest
{
    public required IReadOnlyList<WorkloadSpec> Workloads { get; init; }

    public required IReadOnlyList<ServiceSpec> Services { get; init; }

    public required IReadOnlyList<BindingSpec> Bindings { get; init; }

    public required IReadOnlyList<TargetGroupSpec> TargetGroups { get; init; }

    public required IReadOnlyList<ListenerSpec> Listeners { get; init; }

    /// <summary>What has no meaning on one machine and was left out, for the user to know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
