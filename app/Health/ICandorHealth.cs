using Candor.Health.State;

namespace Candor.Health;

/// <summary>The health of this instance, for the app itself. Injected as a service.</summary>
public interface ICandorHealth
{
    /// <summary>The state as last known; nothing is run to find out.</summary>
    HealthState State { get; }

    /// <summary>Why it is not ready or degraded, in the words of the health answer; null when all is well.</summary>
    string? Reason { get; }

    /// <summary>True when the instance may get traffic: ready or degraded.</summary>
    bool Ready { get; }

    /// <summary>True from the moment the instance leaves.</summary>
    bool Draining { get; }

    /// <summary>Cancelled when the instance begins to leave: for work that should not be taken up any more, such as consuming a queue.</summary>
    CancellationToken DrainStarted { get; }

    /// <summary>The state from an evaluation at most as old as the contract's freshness; runs the checks when there is none.</summary>
    ValueTask<HealthState> EvaluateAsync();

    /// <summary>
    /// Calls <paramref name="listener"/> after each change of state, from the thread that noticed it: it must not block. A change is
    /// noticed when health is requested. What the listener throws is logged.
    /// </summary>
    /// <param name="listener">Given the change.</param>
    /// <returns>Ends the calls when it is disposed.</returns>
    IDisposable OnChange(Action<HealthChange> listener);

    /// <summary>
    /// Makes the instance leave, as SIGTERM does: readiness fails at once, requests are served until every prober has seen it or the
    /// contract's hold ends, then the host stops.
    /// </summary>
    /// <param name="cause">Who asks; shown in logs and at <c>GET /drain</c>.</param>
    /// <returns>False when the instance already leaves.</returns>
    bool BeginDrain(string cause);
}

/// <summary>A change of the instance's state.</summary>
/// <param name="From">The state before; null for the first.</param>
/// <param name="To">The state now.</param>
/// <param name="Reason">Why, in the words of the health answer; null when all is well.</param>
public sealed record HealthChange(HealthState? From, HealthState To, string? Reason);
