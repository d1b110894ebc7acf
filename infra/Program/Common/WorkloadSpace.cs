using Candor.Program.Config;
using Pulumi;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Common;

/// <summary>The namespace of the stack, which holds its pods to the <c>restricted</c> Pod Security Standard.</summary>
public sealed class WorkloadSpace
{
    /// <summary>Makes the namespace.</summary>
    public WorkloadSpace(StackConfig config, ProviderResource kubernetes)
    {
        ArgumentNullException.ThrowIfNull(config);
        Name = config.Namespace;
        Kubernetes = kubernetes;
        var labels = new InputMap<string>
        {
            ["app.kubernetes.io/part-of"] = "candor",
            ["app.kubernetes.io/managed-by"] = "pulumi",
            ["candor.dev/environment"] = config.IsProduction ? "prod" : "dev",
            ["pod-security.kubernetes.io/enforce"] = "restricted",
            ["pod-security.kubernetes.io/audit"] = "restricted",
            ["pod-security.kubernetes.io/warn"] = "restricted",
        };
        if (config.Balancer == BalancerKind.Alb)
        {
            labels["elbv2.k8s.aws/pod-readiness-gate-inject"] = "enabled";
        }

        Namespace = new Namespace(
            config.Namespace,
            new() { Metadata = new ObjectMetaArgs { Name = config.Namespace, Labels = labels } },
            new() { Provider = kubernetes, Protect = config.IsProduction });
        _ = new NetworkPolicy(
            "default-deny",
            new()
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = "default-deny",
                    Namespace = config.Namespace,
                    Labels = { ["app.kubernetes.io/part-of"] = "candor" },
                },
                // Every pod, and no rule: what a pod may do is what its own policy says.
                Spec = new NetworkPolicySpecArgs { PodSelector = new LabelSelectorArgs(), PolicyTypes = { "Ingress", "Egress" } },
            },
            new() { Provider = kubernetes, DependsOn = { Namespace } });
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The object.</summary>
    public Namespace Namespace { get; }

    /// <summary>The provider of the cluster.</summary>
    public ProviderResource Kubernetes { get; }

    /// <summary>The scope of a component in the namespace: everything in it waits for the namespace.</summary>
    public Scope ScopeOf(Resource component) => new(Kubernetes, component, [Namespace]);

    /// <summary>The host name of a Service of the namespace.</summary>
    public string HostOf(string service) => $"{service}.{Name}.svc.cluster.local";
}
