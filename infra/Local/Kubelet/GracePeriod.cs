namespace Candor.Local;

/// <summary>How long a container may take to end. It can be shortened while it is being waited for, never lengthened.</summary>
internal sealed class GracePeriod(TimeSpan grace)
{
    private readonly Lock _gate = new();
    private TimeSpan _value = grace;
    private TaskCompletionSource _shortened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The grace as it is now, and a task that ends when it is shortened further.</summary>
    public (TimeSpan Value, Task Shortened) Now()
    {
        lock (_gate)
        {
            return (_value, _shortened.Task);
        }
    }

    public void Shorten(TimeSpan grace)
    {
        lock (_gate)
        {
            if (grace < _value)
            {
                _value = grace;
                _shortened.SetResult();
                _shortened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
