using Candor.Contract;
using Candor.Health.Checks;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Candor.Health.RabbitMq;

/// <summary>What RabbitMQ.Client's exceptions mean.</summary>
public sealed class RabbitMqFailures : IFailureClassifier
{
    /// <inheritdoc />
    public string Kind => DependencyKind.RabbitMq;

    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => CauseOf(exception);

    /// <summary>The cause behind an exception, with the reply code that the broker gave; null when it is none of this library's.</summary>
    /// <param name="exception">One exception; of inner ones only what a failed connection attempt wraps is looked at.</param>
    public static FailureCause? CauseOf(Exception exception) => exception switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException => new(Reason.Authentication),
        // The client's return carries no code of its own; 312 is the protocol's for a message that no queue takes.
        PublishException { IsReturn: true } => Refused("312", "no route"),
        PublishException => new(Reason.Refused) { Condition = "publish rejected" },
        OperationInterruptedException { ShutdownReason: { } reason } => OfReply(reason),
        BrokerUnreachableException { InnerException: { } inner } => OfConnecting(inner),
        RabbitMQClientException or BrokerUnreachableException => new(Reason.DependencyDown),
        _ => null,
    };

    /// <summary>What the broker is short of, by the reason it gives when it blocks publishers.</summary>
    /// <param name="reason">The broker's text, such as <c>low on memory</c>; it is looked into, never shown.</param>
    public static FailureCause AlarmOf(string? reason) => new(Reason.Refused)
    {
        Condition = reason?.Contains("memory", StringComparison.OrdinalIgnoreCase) == true ? "blocked by memory alarm"
        : reason?.Contains("disk", StringComparison.OrdinalIgnoreCase) == true ? "blocked by disk alarm"
        : "blocked by resource alarm",
    };

    private static FailureCause Refused(string code, string condition) => new(Reason.Refused, code) { Condition = condition };

    private static FailureCause OfConnecting(Exception inner) => inner switch
    {
        AggregateException { InnerExceptions: [{ } first, ..] } => OfConnecting(first),
        _ => CauseOf(inner) ?? (inner.InnerException is { } next ? OfConnecting(next) : new(Reason.DependencyDown)),
    };

    // https://www.rabbitmq.com/amqp-0-9-1-reference#constants; a closed connection of ours (200) has no code that says more.
    private static FailureCause OfReply(ShutdownEventArgs reason) => reason.ReplyCode switch
    {
        311 => Refused("311", "content too large"),
        312 => Refused("312", "no route"),
        320 => new(Reason.DependencyDown, "320") { Condition = "connection forced" },
        402 => Refused("402", "invalid path"),
        403 => Refused("403", "access refused"),
        404 => Refused("404", "not found"),
        405 => Refused("405", "resource locked"),
        406 => Refused("406", "precondition failed"),
        504 => new(Reason.DependencyDown, "504") { Condition = "channel error" },
        506 => new(Reason.DependencyDown, "506") { Condition = "resource error" },
        530 => Refused("530", "not allowed"),
        541 => new(Reason.DependencyDown, "541") { Condition = "internal error" },
        _ => new(Reason.DependencyDown),
    };
}
