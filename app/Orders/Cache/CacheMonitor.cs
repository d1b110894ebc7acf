using System.Diagnostics.Metrics;
using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Orders.Cache;

/// <summary>
/// Entries that could not be used: counted, and for a while reported to health as the cause of a degraded cache.
/// </summary>
public sealed class CacheMonitor : IDisposable
{
    /// <summary>The meter of this service.</summary>
    public const string MeterName = "Candor.Orders";

    // Freshness bounds for which an entry that could not be used counts, so that health does not change with every read.
    private const int Remembered = 4;

    private readonly TimeSpan _remembered;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly Counter<long> _unusable;
    private Seen? _latest;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="contract">Its freshness is the unit in which health changes.</param>
    /// <param name="time">The clock.</param>
    public CacheMonitor(IMeterFactory meters, HealthContract contract, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(contract);
        _remembered = contract.Freshness * Remembered;
        _time = time;
        _meter = meters.Create(MeterName);
        _unusable = _meter.CreateCounter<long>(
            "orders.cache.unusable_entries", "{entry}", "Cache entries that were not used because of their version, id, type or fields.");
    }

    /// <summary>The cause for health; null when no entry was unusable of late.</summary>
    public FailureCause? Cause =>
        Volatile.Read(ref _latest) is { } seen && _time.GetElapsedTime(seen.At) < _remembered ? seen.Cause : null;

    /// <summary>An entry was not used.</summary>
    public void Unusable(FailureCause cause)
    {
        _unusable.Add(1);
        Volatile.Write(ref _latest, new(cause, _time.GetTimestamp()));
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private sealed record Seen(FailureCause Cause, long At);
}
