namespace Candor.Contract;

/// <summary>The contract of the reference service, shared by the service and the program that deploys it.</summary>
public static class OrdersContract
{
    /// <summary>Name of the PostgreSQL dependency.</summary>
    public const string Database = "database";

    /// <summary>Name of the Redis dependency.</summary>
    public const string Cache = "cache";

    /// <summary>Name of the RabbitMQ dependency.</summary>
    public const string Queue = "queue";

    /// <summary>The articles' numbers, and what Orders dials: it cannot serve without its database, and serves less without cache or queue.</summary>
    public static HealthContract Default { get; } = new()
    {
        Dependencies =
        [
            new() { Name = Database, Kind = DependencyKind.Postgres },
            new() { Name = Cache, Kind = DependencyKind.Redis, Importance = DependencyImportance.Soft, Timeout = TimeSpan.FromMilliseconds(500) },
            new() { Name = Queue, Kind = DependencyKind.RabbitMq, Importance = DependencyImportance.Soft, BacklogLimit = 1000 },
        ],
        Canary = new() { Route = "/orders?limit=1" },
    };
}
