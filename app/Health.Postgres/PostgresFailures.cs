using Candor.Health.Checks;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>What Npgsql's exceptions mean.</summary>
internal sealed class PostgresFailures : IFailureClassifier
{
    public FailureCause? Classify(Exception exception) => exception switch
    {
        // 28000 and 28P01: invalid authorization; https://www.postgresql.org/docs/current/errcodes-appendix.html
        PostgresException { SqlState: "28000" or "28P01" } => new(Reason.Authentication),
        NpgsqlException { Message: var text } when text.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal) =>
            new(Reason.PoolSaturated),
        NpgsqlException => new(Reason.DependencyDown),
        _ => null,
    };
}
