using System.Globalization;

namespace Candor.Health.Watchdog;

/// <summary>
/// Whether the process gets enough of the processor: how late the watchdog's own thread is woken, and how much of the time its cgroup
/// is throttled. A starved process attributes a late answer to no dependency.
/// </summary>
/// <remarks>A pause of the whole process (SIGSTOP) is one late wake, which the active clock limits, and not starvation, which is many.</remarks>
internal sealed class ProcessHealth(ActiveClock active, TimeSpan period)
{
    /// <summary>Share of the time by which the watchdog is late from which the process is short of processor.</summary>
    public const double ShortShare = 0.25;

    /// <summary>Share from which it is starved.</summary>
    public const double StarvedShare = 0.5;

    private const int Wakes = 16;
    private static readonly string CpuStatistics = "/sys/fs/cgroup/cpu.stat";
    private readonly long[] _late = new long[Wakes];
    private readonly long[] _total = new long[Wakes];
    private readonly long _period = (long)(period.TotalSeconds * active.TimestampFrequency);
    private long _lastWake;
    private int _next;
    private double _lateShare;
    private long _throttledMicroseconds = -1;
    private long _throttledReadAt;
    private double _throttledShare;

    /// <summary>Share of the last wakes' time by which the watchdog was late.</summary>
    public double LateShare => Volatile.Read(ref _lateShare);

    /// <summary>Share of the time that the cgroup was throttled; zero when that is not known.</summary>
    public double ThrottledShare => Volatile.Read(ref _throttledShare);

    /// <summary>True when the process is short of processor: what is late is late for that reason.</summary>
    public bool IsShort => LateShare >= ShortShare;

    /// <summary>True when it hardly gets any.</summary>
    public bool IsStarved => LateShare >= StarvedShare;

    /// <summary>The watchdog's thread was woken, having asked for it one period after <see cref="Slept"/>.</summary>
    public void Woken()
    {
        var now = active.GetTimestamp();
        if (_lastWake != 0)
        {
            var total = now - _lastWake;
            _late[_next] = Math.Max(0, total - _period - (_period / 4));
            _total[_next] = Math.Max(1, total);
            _next = (_next + 1) % Wakes;
            long late = 0, all = 0;
            for (var index = 0; index < Wakes; index++)
            {
                late += _late[index];
                all += _total[index];
            }

            // The first second of a process is its start, in which everything is late.
            Volatile.Write(ref _lateShare, _total[^1] == 0 ? 0 : (double)late / all);
        }

        if (active.GetElapsedTime(_throttledReadAt, now) >= TimeSpan.FromSeconds(1))
        {
            ReadThrottled(now);
        }
    }

    /// <summary>It goes to sleep again for one period.</summary>
    public void Slept() => _lastWake = active.GetTimestamp();

    private void ReadThrottled(long now)
    {
        var elapsed = active.GetElapsedTime(_throttledReadAt, now);
        _throttledReadAt = now;
        if (Throttled() is not { } microseconds)
        {
            return;
        }

        if (_throttledMicroseconds >= 0)
        {
            Volatile.Write(ref _throttledShare, Math.Min(1, (microseconds - _throttledMicroseconds) / elapsed.TotalMicroseconds));
        }

        _throttledMicroseconds = microseconds;
    }

    private static long? Throttled()
    {
        const string Key = "throttled_usec ";
        try
        {
            if (!OperatingSystem.IsLinux() || !File.Exists(CpuStatistics))
            {
                return null;
            }

            foreach (var line in File.ReadLines(CpuStatistics))
            {
                if (line.StartsWith(Key, StringComparison.Ordinal) && long.TryParse(line.AsSpan(Key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                {
                    return value;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not ours to read, or gone: then it is not known.
        }

        return null;
    }
}
