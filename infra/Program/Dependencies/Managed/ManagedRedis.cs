using Pulumi.Aws.ElastiCache;

namespace Candor.Program.Dependencies.Managed;

/// <summary>ElastiCache for Redis: a primary and a replica in another zone, over TLS.</summary>
internal static class ManagedRedis
{
    private const int SnapshotDays = 7;

    public static ManagedPiece Make(ManagedRequest request)
    {
        var subnets = new SubnetGroup(
            request.Dependency.Name,
            new() { Description = "Redis of the services", SubnetIds = request.Network.PrivateSubnetIds },
            request.Scope.Options());
        var group = new ReplicationGroup(
            request.Dependency.Name,
            new()
            {
                Description = "Redis of the services",
                Engine = "redis",
                EngineVersion = request.Part.Version,
                NodeType = request.Part.Size,
                NumCacheClusters = 2,
                AutomaticFailoverEnabled = true,
                MultiAzEnabled = true,
                AtRestEncryptionEnabled = true,
                TransitEncryptionEnabled = true,
                AuthToken = request.Password,
                Port = request.Dependency.DialledPort(),
                SubnetGroupName = subnets.Name,
                SecurityGroupIds = { request.Group.Id },
                SnapshotRetentionLimit = SnapshotDays,
                AutoMinorVersionUpgrade = true,
            },
            request.Scope.Protected(request.Config.IsProduction));
        return new(request.Dependency, group, group.PrimaryEndpointAddress);
    }
}
