using Microsoft.Extensions.Logging;

namespace Candor.Health.Postgres;

/// <summary>Log messages of the PostgreSQL check, event ids 601 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(
        601,
        LogLevel.Warning,
        "health: the app has {Pools} pools for the database of \"{Dependency}\", and health looks at one of them. "
            + "Entity Framework Core makes one of its own with UseNpgsql(connectionString): give it the registered one, "
            + "UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()).")]
    public static partial void SeveralPools(this ILogger log, int pools, string dependency);
}
