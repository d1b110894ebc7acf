using System.Globalization;
using Pulumi.Aws.Rds;
using Pulumi.Aws.Rds.Inputs;

namespace Candor.Program.Dependencies.Managed;

/// <summary>RDS for PostgreSQL, with a standby in another zone.</summary>
internal static class ManagedPostgres
{
    /// <summary>How many times the first storage RDS may grow to by itself.</summary>
    private const int Growth = 4;

    private const int BackupDays = 14;

    public static ManagedPiece Make(ManagedRequest request)
    {
        var config = request.Config;
        var subnets = new SubnetGroup(
            request.Dependency.Name,
            new() { Description = "PostgreSQL of the services", SubnetIds = request.Network.PrivateSubnetIds },
            request.Scope.Options());
        var parameters = new ParameterGroup(
            request.Dependency.Name,
            new()
            {
                Description = "PostgreSQL of the services",
                Family = $"postgres{request.Part.Version.Split('.')[0]}",
                Parameters =
                {
                    new ParameterGroupParameterArgs
                    {
                        Name = "max_connections",
                        Value = config.DatabaseMaximum.ToString(CultureInfo.InvariantCulture),
                        // RDS takes it over at the next restart only.
                        ApplyMethod = "pending-reboot",
                    },
                },
            },
            request.Scope.Options());
        var instance = new Instance(
            request.Dependency.Name,
            new()
            {
                Engine = "postgres",
                EngineVersion = request.Part.Version,
                InstanceClass = request.Part.Size,
                AllocatedStorage = config.Dependencies.DatabaseGiB,
                MaxAllocatedStorage = config.Dependencies.DatabaseGiB * Growth,
                StorageType = "gp3",
                StorageEncrypted = true,
                MultiAz = true,
                DbName = config.DatabaseName,
                Username = config.DatabaseName,
                ParameterGroupName = parameters.Name,
                Password = request.Password,
                Port = request.Dependency.DialledPort(),
                DbSubnetGroupName = subnets.Name,
                VpcSecurityGroupIds = { request.Group.Id },
                PubliclyAccessible = false,
                DeletionProtection = config.Edge.DeletionProtection,
                SkipFinalSnapshot = !config.IsProduction,
                FinalSnapshotIdentifier = $"{request.Name}-final",
                CopyTagsToSnapshot = true,
                BackupRetentionPeriod = BackupDays,
                AutoMinorVersionUpgrade = true,
                PerformanceInsightsEnabled = true,
                EnabledCloudwatchLogsExports = { "postgresql", "upgrade" },
            },
            request.Scope.Protected(config.IsProduction));
        return new(request.Dependency, instance, instance.Address);
    }
}
