using Candor.Contract;

namespace Candor.Cli.Init;

/// <summary>Which package says that a service dials what.</summary>
internal static class KnownPackages
{
    private static readonly (string Package, string Kind)[] Prefixes =
    [
        ("Npgsql", DependencyKind.Postgres),
        ("Aspire.Npgsql", DependencyKind.Postgres),
        ("Marten", DependencyKind.Postgres),
        ("Candor.Health.Postgres", DependencyKind.Postgres),
        ("StackExchange.Redis", DependencyKind.Redis),
        ("Microsoft.Extensions.Caching.StackExchangeRedis", DependencyKind.Redis),
        ("Aspire.StackExchange.Redis", DependencyKind.Redis),
        ("Candor.Health.Redis", DependencyKind.Redis),
        ("RabbitMQ.Client", DependencyKind.RabbitMq),
        ("Aspire.RabbitMQ.Client", DependencyKind.RabbitMq),
        ("MassTransit.RabbitMQ", DependencyKind.RabbitMq),
        ("EasyNetQ", DependencyKind.RabbitMq),
        ("Rebus.RabbitMq", DependencyKind.RabbitMq),
        ("Candor.Health.RabbitMq", DependencyKind.RabbitMq),
        ("MySqlConnector", "mysql"),
        ("MySql", "mysql"),
        ("Pomelo.EntityFrameworkCore.MySql", "mysql"),
        ("Microsoft.Data.SqlClient", "sqlServer"),
        ("Microsoft.EntityFrameworkCore.SqlServer", "sqlServer"),
        ("MongoDB", "mongodb"),
        ("Confluent.Kafka", "kafka"),
        ("MassTransit.Kafka", "kafka"),
        ("NATS", "nats"),
    ];

    private static readonly Dictionary<string, (string Name, int Port)> Usual = new(StringComparer.Ordinal)
    {
        [DependencyKind.Postgres] = ("database", 5432),
        [DependencyKind.Redis] = ("cache", 6379),
        [DependencyKind.RabbitMq] = ("queue", 5672),
        [DependencyKind.Http] = ("api", 443),
        ["mysql"] = ("mysql", 3306),
        ["sqlServer"] = ("sqlserver", 1433),
        ["mongodb"] = ("mongodb", 27017),
        ["kafka"] = ("kafka", 9092),
        ["nats"] = ("nats", 4222),
    };

    /// <summary>The kinds that are known by a package, for help and errors.</summary>
    internal static IEnumerable<string> Kinds => Usual.Keys;

    /// <summary>The kind that a package stands for, or null.</summary>
    internal static string? KindOf(string package) => Prefixes.FirstOrDefault(known =>
        package.Equals(known.Package, StringComparison.OrdinalIgnoreCase)
        || package.StartsWith(known.Package + ".", StringComparison.OrdinalIgnoreCase)).Kind;

    /// <summary>What a dependency of the kind is called where nothing else is known.</summary>
    internal static string NameOf(string kind) => Usual.TryGetValue(kind, out var usual) ? usual.Name : kind.ToLowerInvariant();

    /// <summary>
    /// A dependency with what its kind needs. A cache and a queue are soft: most services serve on without them, and the contract says so
    /// in one word where they do not.
    /// </summary>
    internal static Dependency Dependency(string name, string kind, int? port = null) => new()
    {
        Name = name,
        Kind = kind,
        Importance = kind is DependencyKind.Redis or DependencyKind.RabbitMq ? DependencyImportance.Soft : DependencyImportance.Required,
        Port = port ?? (DependencyKind.DefaultPort(kind) is null && Usual.TryGetValue(kind, out var usual) ? usual.Port : null),
    };
}
