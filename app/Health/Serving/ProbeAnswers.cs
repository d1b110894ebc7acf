using System.Collections.Concurrent;

namespace Candor.Health.Serving;

/// <summary>How often each health path was answered with each status.</summary>
internal sealed class ProbeAnswers
{
    // One number for both: a key that the runtime's own code is compiled for already, which a start need not wait for.
    private const int Codes = 1000;
    private readonly ConcurrentDictionary<int, StrongCount> _counts = new();

    /// <summary>The counts so far.</summary>
    public IEnumerable<(HealthPath Path, int Code, long Count)> All =>
        _counts.Select(pair => ((HealthPath)(pair.Key / Codes), pair.Key % Codes, Interlocked.Read(ref pair.Value.Value)));

    public void Count(HealthPath path, int code) => Interlocked.Increment(ref _counts.GetOrAdd((Codes * (int)path) + code, static _ => new()).Value);

    private sealed class StrongCount
    {
        public long Value;
    }
}
