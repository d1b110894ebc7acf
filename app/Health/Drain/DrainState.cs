namespace Candor.Health.Drain;

/// <summary>Whether the instance leaves, since when, and when it has left. Leaving is for good.</summary>
internal sealed class DrainState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

    /// <summary>True from the moment the instance leaves.</summary>
    public bool Draining => _draining;

    /// <summary>When it began to leave.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>The clock's timestamp of <see cref="Since"/>.</summary>
    public long BeganAt { get; private set; }

    /// <summary>Who asked: a signal, or a person on the management port.</summary>
    public string? Cause { get; private set; }

    /// <summary>Ends when the instance begins to leave.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Begins to leave; false when it already does.</summary>
    public bool Begin(string cause)
    {
        lock (_gate)
        {
            if (_draining)
            {
                return false;
            }

            Since = time.GetUtcNow();
            BeganAt = time.GetTimestamp();
            Cause = cause;
            _draining = true;
        }

        _begun.TrySetResult();
        return true;
    }
}
