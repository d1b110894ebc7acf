using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Candor.Health;

/// <summary>
/// Lets SIGTERM begin a drain, where the ordinary lifetime would close the server at once. A second Ctrl-C ends the hold, for the
/// person at the keyboard.
/// </summary>
internal sealed class DrainingLifetime(DrainStarter starter, IHostApplicationLifetime host) : IHostLifetime, IDisposable
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
        if (!starter.Begin(context.Signal.ToString()) && context.Signal == PosixSignal.SIGINT)
        {
            host.StopApplication();
        }
    }
}
