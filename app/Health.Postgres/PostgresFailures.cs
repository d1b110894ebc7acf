using Candor.Contract;
using Candor.Health.Checks;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>What Npgsql's exceptions mean.</summary>
public sealed class PostgresFailures : IFailureClassifier
{
    /// <inheritdoc />
    public string Kind => DependencyKind.Postgres;

    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => exception switch
    {
        PostgresException refused => CauseOf(refused),
        NpgsqlException { Message: var text } when text.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal) =>
            new(Reason.PoolSaturated),
        NpgsqlException { InnerException: TimeoutException } => new(Reason.TimedOut),
        NpgsqlException => new(Reason.DependencyDown),
        _ => null,
    };

    /// <summary>The cause behind what the server answered, by <see cref="SqlState.Table"/>.</summary>
    /// <param name="refused">The server's answer; its text is not shown, only its SQLSTATE.</param>
    public static FailureCause CauseOf(PostgresException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var state = SqlState.Of(refused.SqlState);
        return new(state.Reason, state.Code) { Condition = state.Text, IsClientMistake = state.Kind == SqlFailureKind.ClientMistake };
    }
}
