using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Infra.Tests.Testing;

/// <summary>A stack as another team would write it: none of ours.</summary>
internal sealed class ShopStack : Stack
{
    public ShopStack()
        : this(null)
    {
    }

    public ShopStack(StackOptions? options)
        : base(options)
    {
        var config = new Config();
        var vpc = Pulumi.Aws.Ec2.GetVpc.Invoke(new() { Tags = { ["name"] = "main" } });
        var group = new TargetGroup(
            "shop",
            new()
            {
                Port = config.GetInt32("port") ?? 8080,
                VpcId = vpc.Apply(found => found.Id),
                HealthCheck = new TargetGroupHealthCheckArgs { Path = "/healthz", Interval = 10, Matcher = "200" },
            },
            new() { Protect = true });
        var settings = new ConfigMap("settings", new()
        {
            Metadata = new ObjectMetaArgs { Annotations = { ["shop.dev/owner"] = "team-a" } },
            Data = { ["LOG_LEVEL"] = "info" },
        });
        _ = new Service(
            "shop",
            new() { Spec = new ServiceSpecArgs { Ports = { new ServicePortArgs { Name = "http", Port = 80, TargetPort = 8080 } } } },
            new() { DependsOn = { settings } });
        TargetGroupArn = group.Arn;
    }

    [Output("targetGroupArn")]
    public Output<string> TargetGroupArn { get; private set; }
}
