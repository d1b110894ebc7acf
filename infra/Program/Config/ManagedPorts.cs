using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>
/// Amazon MQ speaks AMQP only over TLS on its own port. The port goes into the contract, so that app, NetworkPolicy and security
/// groups still have one number.
/// </summary>
internal static class ManagedPorts
{
    private const int AmqpOverTls = 5671;

    /// <summary>The service with the managed port where its contract leaves the port open.</summary>
    public static ServiceConfig Apply(ServiceConfig service, DependencyMode mode)
    {
        if (mode != DependencyMode.Managed)
        {
            return service;
        }

        var dependencies = service.Contract.Dependencies
            .Select(dependency => dependency is { Kind: DependencyKind.RabbitMq, Port: null }
                ? dependency with { Port = AmqpOverTls }
                : dependency);
        return service with { Contract = service.Contract with { Dependencies = [.. dependencies] } };
    }
}
