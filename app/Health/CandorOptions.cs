namespace Candor.Health;

/// <summary>
/// Which parts of Candor an app takes. Everything is on by default. Set with <c>AddCandor(contract, options => ...)</c>, or with
/// <c>services.Configure&lt;CandorOptions&gt;</c>, which a test's host may call later.
/// </summary>
public sealed class CandorOptions
{
    /// <summary>
    /// Listens on the contract's port and management port, beside the app's own addresses. When off, the app listens on its own addresses:
    /// the health paths are answered on all its addresses, and the management paths on a connection to the management port only.
    /// Default true.
    /// </summary>
    public bool Listen { get; set; } = true;

    /// <summary>
    /// Listens on two ports that the system chooses instead of the contract's, so that tests can run side by side. The first of
    /// <c>app.Urls</c> is the public one, the second that of management. Default false.
    /// </summary>
    public bool DynamicPorts { get; set; }

    /// <summary>
    /// Accepts the public port's connections with a listener that answers probes off the thread pool, so that liveness is answered
    /// although nothing else is. When off, Kestrel accepts them, and a starved thread pool answers no probe. Default true.
    /// </summary>
    public bool ProbeInterception { get; set; } = true;

    /// <summary>
    /// Watches the thread pool and the process from a thread of its own. When off, a starved thread pool is not seen, liveness never
    /// fails, and time during which the process was stopped counts against requests and checks. Default true.
    /// </summary>
    public bool Watchdog { get; set; } = true;

    /// <summary>
    /// Lets SIGTERM and Ctrl-C begin a drain, in which the app continues serving until all probers are notified. When off, the
    /// host's own lifetime stops the server at once; call <see cref="ICandorHealth.BeginDrain"/> beforehand to leave without errors.
    /// Default true.
    /// </summary>
    public bool Lifetime { get; set; } = true;
}
