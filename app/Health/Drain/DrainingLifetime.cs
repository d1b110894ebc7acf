using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Drain;

/// <summary>
/// Lets SIGTERM begin a drain, where the ordinary lifetime would close the server at once. Ctrl-C ends the process at once when no prober
/// probes it, as on a developer's machine; otherwise a second one ends the hold.
/// </summary>
internal sealed class DrainingLifetime(
    DrainStarter starter, ProberLedger probers, IHostApplicationLifetime host, ILogger<DrainingLifetime> log) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Leave));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Leave(PosixSignalContext context)
    {
        context.Cancel = true;
        Leave(context.Signal);
    }

    /// <summary>Leaves because of <paramref name="signal"/>.</summary>
    internal void Leave(PosixSignal signal)
    {
        var begun = starter.Begin(signal.ToString());
        if (signal != PosixSignal.SIGINT)
        {
            return;
        }

        if (begun && probers.Probers.Count > 0)
        {
            log.StillServing();
        }
        else
        {
            host.StopApplication();
        }
    }
}
