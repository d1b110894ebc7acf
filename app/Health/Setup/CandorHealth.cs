using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.State;

namespace Candor.Health.Setup;

/// <summary>What the app itself sees of its health.</summary>
internal sealed class CandorHealth : ICandorHealth, IDisposable
{
    private readonly HealthService _health;
    private readonly DrainState _drain;
    private readonly DrainStarter _starter;
    private readonly HealthChanges _changes;
    private readonly CancellationTokenSource _drainStarted = new();

    public CandorHealth(HealthService health, DrainState drain, DrainStarter starter, HealthChanges changes)
    {
        _health = health;
        _drain = drain;
        _starter = starter;
        _changes = changes;
        _ = CancelAsync();
    }

    public HealthState State => _health.LastKnown(Scope.Full).State;

    public string? Reason => _health.LastKnown(Scope.Full).Reason.Text();

    public bool Ready => _health.LastKnown(Scope.Full).Ready;

    public bool Draining => _drain.Draining;

    public CancellationToken DrainStarted => _drainStarted.Token;

    public async ValueTask<HealthState> EvaluateAsync() => (await _health.AskAsync(Scope.Full).ConfigureAwait(false)).State;

    public IDisposable OnChange(Action<HealthChange> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return _changes.Add((from, to, reason) => listener(new(from, to, reason)));
    }

    public bool BeginDrain(string cause)
    {
        ArgumentException.ThrowIfNullOrEmpty(cause);
        return _starter.Begin(cause);
    }

    public void Dispose() => _drainStarted.Dispose();

    private async Task CancelAsync()
    {
        await _drain.Begun.ConfigureAwait(false);
        try
        {
            await _drainStarted.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The host has stopped already.
        }
    }
}
