using Microsoft.Extensions.Logging;

namespace Candor.Health.State;

/// <summary>Notifies listeners of changes of state.</summary>
internal sealed class HealthChanges(ILogger<HealthChanges> log)
{
    private readonly Lock _gate = new();
    private Action<HealthState?, HealthState, string?>[] _listeners = [];

    /// <summary>Adds a listener until the result is disposed.</summary>
    public IDisposable Add(Action<HealthState?, HealthState, string?> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }

        return new Registration(this, listener);
    }

    /// <summary>Notifies all listeners.</summary>
    public void Notify(HealthState? from, HealthState to, string? reason)
    {
        foreach (var listener in Volatile.Read(ref _listeners))
        {
            try
            {
                listener(from, to, reason);
            }
            catch (Exception exception)
            {
                log.ListenerFailed(exception);
            }
        }
    }

    private sealed class Registration(HealthChanges owner, Action<HealthState?, HealthState, string?> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._listeners = [.. owner._listeners.Where(other => other != listener)];
            }
        }
    }
}
