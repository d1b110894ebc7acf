using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi.Kubernetes.Apps.V1;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>One dependency in the cluster: its Secret, Service, StatefulSet and NetworkPolicy.</summary>
internal sealed class StatefulPart
{
    private const string PasswordKey = "password";

    public StatefulPart(Recipe recipe, Dependency dependency, StackConfig config, WorkloadSpace space, Scope scope)
    {
        Dependency = dependency;
        var name = dependency.Name;
        var password = config.Dependencies.Secrets[dependency.Kind].Password!.Reveal();
        var data = new SecretArgs { Metadata = Meta(name, space.Name), Type = "Opaque", StringData = { [PasswordKey] = password } };
        if (recipe.SecretFile is { } file)
        {
            data.StringData.Add(file.Name, password.Apply(file.Content));
        }

        var secret = new Secret(name, data, scope.Options());
        var service = new Service(name, ServiceOf(dependency, space.Name), scope.Options());
        StatefulSet = new StatefulSet(
            name,
            new()
            {
                Metadata = Meta(name, space.Name),
                Spec = new StatefulSetSpecArgs
                {
                    ServiceName = name,
                    Replicas = 1,
                    Selector = Labels.Select(name),
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs { Labels = Labels.Of(name, Tiers.Dependency) },
                        Spec = StatefulPod.Of(recipe, dependency, PasswordKey),
                    },
                    VolumeClaimTemplates = { StatefulPod.Claim(recipe, config.Dependencies.StorageClass) },
                },
            },
            scope.Protected(config.IsProduction, secret, service));
        _ = DependencyPolicy.Make(dependency, recipe, config, space, scope);
    }

    public Dependency Dependency { get; }

    public StatefulSet StatefulSet { get; }

    private static ServiceArgs ServiceOf(Dependency dependency, string @namespace)
    {
        var metadata = Meta(dependency.Name, @namespace);
        // The Service is there before its pods; waiting for endpoints would wait for ever.
        metadata.Annotations = SkipAwait.Annotation;
        return new()
        {
            Metadata = metadata,
            Spec = new ServiceSpecArgs
            {
                Type = ServiceSpecType.ClusterIP,
                ClusterIP = "None",
                Selector = Labels.Selector(dependency.Name),
                Ports =
                {
                    new ServicePortArgs
                    {
                        Name = StatefulPod.Port,
                        Port = dependency.DialledPort(),
                        TargetPort = StatefulPod.Port,
                        Protocol = "TCP",
                    },
                },
            },
        };
    }

    private static ObjectMetaArgs Meta(string name, string @namespace) => Labels.Meta(name, @namespace, name, Tiers.Dependency);
}
