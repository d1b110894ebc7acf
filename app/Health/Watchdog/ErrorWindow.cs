namespace Candor.Health.Watchdog;

/// <summary>
/// Answers of the last while, in ten slices. Only 2xx, 3xx and 5xx are counted: a client that sends nothing but bad requests must
/// neither look like a fault nor dilute one.
/// </summary>
internal sealed class ErrorWindow(TimeSpan length, TimeProvider active)
{
    private const int Slices = 10;
    private readonly Lock _gate = new();
    private readonly long _slice = Math.Max(1, (long)(length.TotalSeconds * active.TimestampFrequency / Slices));
    private readonly long[] _number = new long[Slices];
    private readonly int[] _total = new int[Slices];
    private readonly int[] _failed = new int[Slices];

    public void Add(int status)
    {
        if (status is >= 400 and < 500)
        {
            return;
        }

        var number = active.GetTimestamp() / _slice;
        var index = (int)(number % Slices);
        lock (_gate)
        {
            if (_number[index] != number)
            {
                _number[index] = number;
                _total[index] = 0;
                _failed[index] = 0;
            }

            _total[index]++;
            _failed[index] += status >= 500 ? 1 : 0;
        }
    }

    /// <summary>How many were answered within the window, and how many of them with 5xx.</summary>
    public (int Total, int Failed) Read()
    {
        var oldest = active.GetTimestamp() / _slice - Slices + 1;
        var (total, failed) = (0, 0);
        lock (_gate)
        {
            for (var index = 0; index < Slices; index++)
            {
                if (_number[index] >= oldest)
                {
                    total += _total[index];
                    failed += _failed[index];
                }
            }
        }

        return (total, failed);
    }

    /// <summary>Forgets what was counted.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_total);
            Array.Clear(_failed);
        }
    }
}
