using System.Collections.Concurrent;

namespace Candor.Health;

/// <summary>How often each health path was answered with each status.</summary>
internal sealed class ProbeAnswers
{
    private readonly ConcurrentDictionary<(HealthPath Path, int Code), StrongCount> _counts = new();

    /// <summary>The counts so far.</summary>
    public IEnumerable<(HealthPath Path, int Code, long Count)> All => _counts.Select(pair => (pair.Key.Path, pair.Key.Code, Interlocked.Read(ref pair.Value.Value)));

    public void Count(HealthPath path, int code) => Interlocked.Increment(ref _counts.GetOrAdd((path, code), static _ => new()).Value);

    private sealed class StrongCount
    {
        public long Value;
    }
}
