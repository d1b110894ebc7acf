using Candor.Contract;

namespace Candor.Orders.Contract;

/// <summary>The contract of the reference service, shared by the service and the program that deploys it.</summary>
public static class OrdersContract
{
    /// <summary>Name of the PostgreSQL dependency.</summary>
    public const string Database = "database";

    /// <summary>Name of the Redis dependency.</summary>
    public const string Cache = "cache";

    /// <summary>Name of the RabbitMQ dependency.</summary>
    public const string Queue = "queue";

    /// <summary>Placing an order, <c>POST /orders</c>.</summary>
    public const string PlaceOrder = "place-order";

    /// <summary>Reading one order, <c>GET /orders/{id}</c>.</summary>
    public const string ReadOrder = "read-order";

    /// <summary>Listing orders, <c>GET /orders</c>.</summary>
    public const string ListOrders = "list-orders";

    /// <summary>Background work: an order that was placed is published to the queue.</summary>
    public const string DeliverOutbox = "deliver-outbox";

    /// <summary>Background work: an order that was published is processed.</summary>
    public const string ProcessOrders = "process-orders";

    // Four of its statements at their worst: the p99 of a healthy Orders is far below.
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The articles' numbers, and what Orders dials: it cannot serve without its database, and serves less without cache or queue.
    /// </summary>
    public static HealthContract Default { get; } = new()
    {
        Dependencies =
        [
            new() { Name = Database, Kind = DependencyKind.Postgres },
            new()
            {
                Name = Cache,
                Kind = DependencyKind.Redis,
                Importance = DependencyImportance.Soft,
                Timeout = TimeSpan.FromMilliseconds(500),
            },
            new() { Name = Queue, Kind = DependencyKind.RabbitMq, Importance = DependencyImportance.Soft, BacklogLimit = 1000 },
        ],
        Operations =
        [
            new()
            {
                Name = PlaceOrder,
                Route = "POST /orders",
                LatencyLimit = SlowAnswer,
                // Rolled back by the service.
                Canary = new() { Path = "/orders", Body = """{"item":"canary","quantity":1}""" },
                Uses = [Database],
            },
            new()
            {
                Name = ReadOrder,
                Route = "GET /orders/{id}",
                LatencyLimit = SlowAnswer,
                // An order that there cannot be, so that the database is asked and not only the cache.
                Canary = new() { Path = "/orders/00000000-0000-0000-0000-000000000000" },
                Uses = [Database, Cache],
            },
            new()
            {
                Name = ListOrders,
                Route = "GET /orders",
                LatencyLimit = SlowAnswer,
                Canary = new() { Path = "/orders?limit=1" },
                Uses = [Database],
            },
            new() { Name = DeliverOutbox, Critical = false, Uses = [Database, Queue], MaximumAge = TimeSpan.FromSeconds(30) },
            new() { Name = ProcessOrders, Critical = false, Uses = [Database, Queue], MaximumAge = TimeSpan.FromMinutes(1) },
        ],
        Canary = new() { Route = "/orders?limit=1" },
    };
}
