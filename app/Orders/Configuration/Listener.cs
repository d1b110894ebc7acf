namespace Candor.Orders.Configuration;

/// <summary>Where the service listens: the contract's port, on every address unless told otherwise.</summary>
public static class Listener
{
    /// <summary>Takes the port from the contract and nothing from the environment's defaults.</summary>
    public static void AddListener(this WebApplicationBuilder builder, OrdersSettings settings) =>
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Bind, settings.Contract.Port));
}
