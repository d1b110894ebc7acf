using System.Collections.Immutable;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>Where the dependencies are.</summary>
public enum DependencyMode
{
    /// <summary>StatefulSets in the services' namespace.</summary>
    InCluster,

    /// <summary>RDS, ElastiCache and Amazon MQ.</summary>
    Managed,

    /// <summary>Somewhere else; the connection strings are secrets.</summary>
    External,
}

/// <summary>One dependency run in the cluster.</summary>
/// <param name="Image">Its image.</param>
/// <param name="Storage">Size of its volume, a Kubernetes quantity.</param>
public sealed record InClusterPart(string Image, string Storage);

/// <summary>One dependency run by AWS.</summary>
/// <param name="Size">Instance class, node type or instance type.</param>
/// <param name="Version">Engine version.</param>
public sealed record ManagedPart(string Size, string Version);

/// <summary>The secrets of one dependency.</summary>
/// <param name="Password">Its password, inCluster and managed.</param>
/// <param name="Connection">Its whole connection string, external.</param>
public sealed record DependencySecrets(SecretText? Password, SecretText? Connection);

/// <summary>Where the services' dependencies are, and how they are made or reached.</summary>
public sealed record DependenciesConfig
{
    /// <summary>Where they are.</summary>
    public required DependencyMode Mode { get; init; }

    /// <summary>PostgreSQL, Redis and RabbitMQ in the cluster, by kind.</summary>
    public required ImmutableSortedDictionary<string, InClusterPart> InCluster { get; init; }

    /// <summary>Storage class of their volumes, or null for the cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary>PostgreSQL, Redis and RabbitMQ by AWS, by kind.</summary>
    public required ImmutableSortedDictionary<string, ManagedPart> Managed { get; init; }

    /// <summary>Storage of RDS in GiB.</summary>
    public required int DatabaseGiB { get; init; }

    /// <summary>Connections that the database server allows, as configured; null to set it, or when it is not known.</summary>
    public int? DatabaseMaximum { get; init; }

    /// <summary>Root certificates of RDS as configured, or null for those of the region.</summary>
    public string? DatabaseCertificates { get; init; }

    /// <summary>Secrets by kind.</summary>
    public required ImmutableSortedDictionary<string, DependencySecrets> Secrets { get; init; }

    /// <summary>Addresses of http dependencies by name.</summary>
    public required ImmutableSortedDictionary<string, string> Endpoints { get; init; }

    /// <summary>Connection strings of dependencies of other kinds, by name.</summary>
    public required ImmutableSortedDictionary<string, SecretText> Connections { get; init; }

    /// <summary>Whether the stack makes dependencies of the kind, or knows the secrets of those that somebody else runs.</summary>
    public static bool Provides(string kind) => Provided.ContainsKey(kind);

    /// <summary>The kinds that the stack provides, each with what its config keys begin with.</summary>
    public static ImmutableSortedDictionary<string, string> Provided { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(DependencyKind.Postgres, "database")
        .Add(DependencyKind.Redis, "cache")
        .Add(DependencyKind.RabbitMq, "queue");

    internal static DependenciesConfig Read(ConfigReader reader) => new()
    {
        Mode = reader.Choice<DependencyMode>("dependencies"),
        InCluster = ByKind(key => new InClusterPart(reader.Text($"{key}Image"), reader.Text($"{key}Storage"))),
        StorageClass = reader.Optional("storageClass"),
        Managed = ImmutableSortedDictionary.Create<string, ManagedPart>(StringComparer.Ordinal)
            .Add(DependencyKind.Postgres, new(reader.Text("databaseClass"), reader.Text("databaseVersion")))
            .Add(DependencyKind.Redis, new(reader.Text("cacheNodeType"), reader.Text("cacheVersion")))
            .Add(DependencyKind.RabbitMq, new(reader.Text("queueInstanceType"), reader.Text("queueVersion"))),
        DatabaseGiB = reader.Integer("databaseGiB"),
        DatabaseMaximum = reader.Integer("databaseMaxConnections") is > 0 and var maximum ? maximum : null,
        DatabaseCertificates = reader.Optional("databaseCertificates"),
        Secrets = ByKind(key => new DependencySecrets(reader.Secret($"{key}Password"), reader.Secret($"{key}Connection"))),
        Endpoints = reader.Map("endpoints"),
        Connections = reader.Map("connections").ToImmutableSortedDictionary(
            pair => pair.Key, pair => new SecretText(pair.Value), StringComparer.Ordinal),
    };

    private static ImmutableSortedDictionary<string, T> ByKind<T>(Func<string, T> read) =>
        Provided.ToImmutableSortedDictionary(kind => kind.Key, kind => read(kind.Value));
}
