namespace Candor.Contract;

/// <summary>
/// How many connections the pods of the services open to one database, and what the server must therefore allow. A server that has no
/// slot left refuses with <c>too many clients already</c>, and the refused caller is a user's request.
/// </summary>
public static class ConnectionDemand
{
    /// <summary>
    /// Connections that are not the services': PostgreSQL keeps 3 for superusers and RDS 2 for itself
    /// (<see href="https://www.postgresql.org/docs/current/runtime-config-connection.html">superuser_reserved_connections</see>); the rest
    /// is for probes, migrations and people.
    /// </summary>
    public const int Reserved = 10;

    /// <summary>What PostgreSQL allows by default.</summary>
    public const int ServersDefault = 100;

    // A change of a few replicas must not restart the server.
    private const int Step = 50;

    /// <summary>
    /// Pods that may exist at once: the most replicas, those that a rolling update adds, and those that leave. A leaving pod keeps its
    /// pool until it exits, and in a quick update every old pod may still be leaving when the last new one serves.
    /// </summary>
    /// <param name="maximumReplicas">The most replicas there may be.</param>
    /// <param name="surge">Pods that a rolling update adds at a time.</param>
    public static long Pods(int maximumReplicas, int surge) => (2L * maximumReplicas) + surge;

    /// <summary>Connections that those pods open.</summary>
    public static long Of(int maximumReplicas, int surge, int connections) => Pods(maximumReplicas, surge) * connections;

    /// <summary>The <c>max_connections</c> that a server of ours gets for a demand: with what is reserved, in steps of 50.</summary>
    public static int MaximumFor(long demand) =>
        (int)Math.Min(PostgresMaximum, Math.Max(ServersDefault, (demand + Reserved + Step - 1) / Step * Step));

    /// <summary>The largest <c>max_connections</c> that PostgreSQL accepts.</summary>
    public const int PostgresMaximum = 262_143;
}
