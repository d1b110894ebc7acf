using Candor.Health.Checks;
using RabbitMQ.Client.Exceptions;

namespace Candor.Health.RabbitMq;

/// <summary>What RabbitMQ.Client's exceptions mean.</summary>
internal sealed class RabbitMqFailures : IFailureClassifier
{
    public FailureCause? Classify(Exception exception) => exception switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException => new(Reason.Authentication),
        BrokerUnreachableException or OperationInterruptedException => new(Reason.DependencyDown),
        _ => null,
    };
}
