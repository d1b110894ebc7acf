using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Workload;
using Pulumi;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.OtherBalancers;

/// <summary>The Ingress of the stack, made after the services, because Pulumi waits until it leads to something.</summary>
internal sealed class IngressComponent : StackComponent
{
    private const string IngressName = "ingress";

    private readonly StackConfig _config;
    private readonly InputMap<string> _annotations;
    private readonly string? _className;
    private readonly WorkloadSpace _space;
    private readonly List<Resource> _before;

    public IngressComponent(
        StackConfig config, IReadOnlyList<ServiceWorkload> workloads, InputMap<string> annotations, string? className, WorkloadSpace space)
        : base("balancer:Ingress", IngressName, null)
    {
        (_config, _annotations, _className, _space) = (config, annotations, className, space);
        _before = [.. workloads.Select(workload => workload.Deployment)];
        Scope = space.ScopeOf(this);
    }

    public Scope Scope { get; }

    public void Before(Resource resource) => _before.Add(resource);

    public void Make()
    {
        var metadata = Labels.Meta(IngressName, _space.Name, IngressName, Tiers.Service);
        metadata.Annotations = _annotations;
        var spec = new IngressSpecArgs();
        if (_className is not null)
        {
            spec.IngressClassName = _className;
        }

        var rules = IngressRules.Of(_config);
        foreach (var rule in rules)
        {
            spec.Rules.Add(rule);
        }

        if (_config.Edge.TlsSecret is { } secret)
        {
            spec.Tls.Add(new IngressTLSArgs { SecretName = secret, Hosts = { _config.Edge.Domain! } });
        }

        _ = new Ingress(IngressName, new() { Metadata = metadata, Spec = spec }, Scope.Options(_before));
        RegisterOutputs();
    }
}

/// <summary>Where users reach a service behind an Ingress.</summary>
internal static class IngressUrl
{
    public static Output<string> Of(StackConfig config) =>
        Output.Create($"{(config.Edge.TlsSecret is null ? "http" : "https")}://{config.Edge.Domain}/");
}
