using System.Runtime.InteropServices;

namespace Candor.Local;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP as two tokens: the first of them asks for an orderly end, the second for an end at once.
/// Register it once, in the process that runs the stack.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    private StopSignals()
    {
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled at the second.</summary>
    public CancellationToken Kill => _kill.Token;

    /// <summary>Begins to listen.</summary>
    public static StopSignals Register()
    {
        var signals = new StopSignals();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            signals._registrations.Add(PosixSignalRegistration.Create(signal, signals.Handle));
        }

        return signals;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _kill.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _kill : _stop).Cancel();
    }
}
