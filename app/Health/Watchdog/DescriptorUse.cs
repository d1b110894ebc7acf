namespace Candor.Health.Watchdog;

/// <summary>Whether the process has run out of file descriptors: then it can neither accept a connection nor dial a dependency.</summary>
internal sealed class DescriptorUse(TimeProvider time)
{
    /// <summary>How long a failed accept counts; the next failed one prolongs it.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    private long _exhaustedAt = long.MinValue;

    /// <summary>True when no descriptor can be had, or could not a moment ago.</summary>
    public bool IsExhausted()
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.OpenHandle("/dev/null").Dispose();
            }
        }
        catch (IOException)
        {
            NoteExhausted();
        }

        return Exhausted;
    }

    private bool Exhausted => Volatile.Read(ref _exhaustedAt) is var at && at != long.MinValue && time.GetElapsedTime(at) < Remembered;

    /// <summary>No descriptor could be had.</summary>
    public void NoteExhausted() => Volatile.Write(ref _exhaustedAt, time.GetTimestamp());
}
