using System.Collections.Immutable;
using Pulumi;
using Pulumi.Aws.Mq;
using Pulumi.Aws.Mq.Inputs;
using Pulumi.Aws.Mq.Outputs;

namespace Candor.Program.Dependencies.Managed;

/// <summary>Amazon MQ for RabbitMQ: a cluster over the zones of its subnets.</summary>
internal static class ManagedRabbitMq
{
    public static ManagedPiece Make(ManagedRequest request)
    {
        var broker = new Broker(
            request.Dependency.Name,
            new()
            {
                BrokerName = request.Name,
                EngineType = "RabbitMQ",
                EngineVersion = request.Part.Version,
                HostInstanceType = request.Part.Size,
                DeploymentMode = "CLUSTER_MULTI_AZ",
                SubnetIds = request.Network.PrivateSubnetIds,
                SecurityGroups = { request.Group.Id },
                PubliclyAccessible = false,
                AutoMinorVersionUpgrade = true,
                Logs = new BrokerLogsArgs { General = true },
                Users = { new BrokerUserArgs { Username = request.Config.DatabaseName, Password = request.Password } },
            },
            request.Scope.Protected(request.Config.IsProduction));
        return new(request.Dependency, broker, HostOf(broker.Instances));
    }

    /// <summary>The host in the endpoint, which is given as <c>amqps://host:5671</c>.</summary>
    private static Output<string> HostOf(Output<ImmutableArray<BrokerInstance>> instances) =>
        instances.Apply(found => new Uri(found[0].Endpoints[0]).Host);
}
