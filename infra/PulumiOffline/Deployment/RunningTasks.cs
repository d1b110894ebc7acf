namespace Pulumi;

/// <summary>What a run has begun and must wait for: constructors return before their resource is registered.</summary>
internal sealed class RunningTasks
{
    private readonly Queue<Task> tasks = new();

    public void Add(Task task)
    {
        lock (tasks)
        {
            tasks.Enqueue(task);
        }
    }

    /// <summary>Waits until nothing is left, also of what the tasks themselves have begun; gives each failure once.</summary>
    public async Task<IReadOnlyList<Exception>> WhenIdleAsync()
    {
        var failures = new List<Exception>();
        while (Next() is { } task)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // A failed resource fails every output that comes from it, with the same exception.
                if (!failures.Contains(exception))
                {
                    failures.Add(exception);
                }
            }
        }
        return failures;
    }

    private Task? Next()
    {
        lock (tasks)
        {
            return tasks.TryDequeue(out var task) ? task : null;
        }
    }
}
