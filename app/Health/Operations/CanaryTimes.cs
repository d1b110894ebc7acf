namespace Candor.Health.Operations;

/// <summary>When canaries are due: at their interval while all is well, much more often while something may be wrong, and at once on request.</summary>
internal sealed class CanaryTimes
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _now = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when canaries are due at once.</summary>
    public Task Now
    {
        get
        {
            lock (_gate)
            {
                return _now.Task;
            }
        }
    }

    /// <summary>Sends every canary now: a breaker has closed, or a dependency is back.</summary>
    public void SendNow()
    {
        lock (_gate)
        {
            _now.TrySetResult();
            _now = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
