namespace Candor.Health.Startup;

/// <summary>Which start-up tasks have ended. Ready for requests once all have, and never unready again.</summary>
internal sealed class StartupProgress(IEnumerable<StartupTask> tasks)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string?> _open = tasks.ToDictionary(task => task.Name, _ => (string?)null, StringComparer.Ordinal);
    private volatile bool _done;

    /// <summary>True when every task has ended and the host has started.</summary>
    public bool Done => _done;

    /// <summary>What is waited for: each task with why it failed last, if it did.</summary>
    public IReadOnlyList<(string Name, string? Failure)> Open
    {
        get
        {
            lock (_gate)
            {
                return [.. _open.Select(task => (task.Key, task.Value))];
            }
        }
    }

    /// <summary>The task has ended well.</summary>
    public void End(string name)
    {
        lock (_gate)
        {
            _open.Remove(name);
            _done = _open.Count == 0;
        }
    }

    /// <summary>The task has failed.</summary>
    public void Fail(string name, string why)
    {
        lock (_gate)
        {
            _open[name] = why;
        }
    }

    /// <summary>With no task to wait for, start-up ends when the host has begun.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _done = _open.Count == 0;
        }
    }
}
