using System.Collections.Immutable;

namespace Candor.Contract;

/// <summary>
/// What a dependency is: a text, which decides its check and its default port. These are the kinds with a check of ours; an app may
/// have others, with a check of its own.
/// </summary>
public static class DependencyKind
{
    /// <summary>PostgreSQL, port 5432.</summary>
    public const string Postgres = "postgres";

    /// <summary>Redis, port 6379.</summary>
    public const string Redis = "redis";

    /// <summary>RabbitMQ (AMQP 0-9-1), port 5672.</summary>
    public const string RabbitMq = "rabbitMq";

    /// <summary>Another HTTP service, port 443.</summary>
    public const string Http = "http";

    /// <summary>The kinds above.</summary>
    public static ImmutableArray<string> Known { get; } = [Postgres, Redis, RabbitMq, Http];

    /// <summary>The port that a kind is dialled on when none is given; null for kinds that are not ours.</summary>
    public static int? DefaultPort(string kind) => kind switch
    {
        Postgres => 5432,
        Redis => 6379,
        RabbitMq => 5672,
        Http => 443,
        _ => null,
    };
}

/// <summary>What a failed dependency means for the app.</summary>
public enum DependencyImportance
{
    /// <summary>Without it the app cannot serve: not ready.</summary>
    Required,

    /// <summary>Without it the app serves less: degraded, still ready.</summary>
    Soft,
}

/// <summary>Who else fails when the dependency fails.</summary>
public enum DependencyScope
{
    /// <summary>This instance only (a sidecar, a disk).</summary>
    Local,

    /// <summary>Every instance at once.</summary>
    Shared,
}

/// <summary>Something the app dials.</summary>
public sealed record Dependency
{
    /// <summary>
    /// The default of <see cref="Connections"/>. PostgreSQL allows 100 connections by default, of which 3 are reserved: with
    /// 15 a pod, three replicas, one more in a rolling update and two that are leaving fit below that.
    /// </summary>
    public const int DefaultConnections = 15;

    /// <summary>Its name in answers, metrics and configuration. Lower case letters, digits and dashes; unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it is: one of <see cref="DependencyKind"/>, or a kind of the app's own. Letters, digits and dashes.</summary>
    public required string Kind { get; init; }

    /// <summary>What its failure means. Default <see cref="DependencyImportance.Required"/>.</summary>
    public DependencyImportance Importance { get; init; } = DependencyImportance.Required;

    /// <summary>Who shares it. Default <see cref="DependencyScope.Shared"/>.</summary>
    public DependencyScope Scope { get; init; } = DependencyScope.Shared;

    /// <summary>Deadline of its check. Above zero, at most the budget's deadline, default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// TCP port it is dialled on. 1–65535, or null for the kind's default, which the kinds in <see cref="DependencyKind"/> have; see
    /// <see cref="DialledPort"/>.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Messages that may wait in its queue before it counts as failed; null for no limit. Queues only.</summary>
    public int? BacklogLimit { get; init; }

    /// <summary>
    /// The most connections that one instance opens: the size of its pool. 1 or more, or null for the default of a database,
    /// <see cref="DefaultConnections"/>; see <see cref="MaximumConnections"/>. Databases only.
    /// </summary>
    public int? Connections { get; init; }

    /// <summary>The most connections that one instance opens to a database; null for what is none.</summary>
    public int? MaximumConnections() => Kind == DependencyKind.Postgres ? Connections ?? DefaultConnections : Connections;

    /// <summary>The port that is dialled: <see cref="Port"/>, or the kind's default. A valid contract has one of the two.</summary>
    public int DialledPort() => Port ?? DependencyKind.DefaultPort(Kind)
        ?? throw new InvalidOperationException($"The dependency {Name} of kind {Kind} has no port; validation should have refused it.");
}
