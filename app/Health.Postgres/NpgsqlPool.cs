using System.Diagnostics.Metrics;
using Candor.Health.Checks;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>
/// Reads a data source's pool from Npgsql's own metrics, the only place where it tells
/// (<see href="https://www.npgsql.org/doc/diagnostics/metrics.html">Npgsql metrics</see>).
/// </summary>
internal sealed class NpgsqlPool : IPoolStatistics, IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly string _sourceName;
    private readonly int _maximum;
    private int _used;
    private int _waiting;

    public NpgsqlPool(string dependency, NpgsqlDataSource source)
    {
        Dependency = dependency;
        _maximum = new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize;
        _sourceName = source.ConnectionString;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.Name is "db.client.connection.count" or "db.client.connection.npgsql.pending_requests")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, (int)value, tags));
        _listener.Start();
    }

    public string Dependency { get; }

    public PoolUse Read()
    {
        lock (_gate)
        {
            _used = 0;
            _waiting = 0;
            _listener.RecordObservableInstruments();
            return new(_used, _maximum, _waiting);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, int value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? name = null;
        string? state = null;
        foreach (var (key, text) in tags)
        {
            name = key is "db.client.connection.pool.name" or "pool.name" ? text as string : name;
            state = key is "db.client.connection.state" or "state" ? text as string : state;
        }

        if (name is not null && name != _sourceName && name != Dependency)
        {
            return;
        }

        if (instrument.Name.EndsWith("pending_requests", StringComparison.Ordinal))
        {
            _waiting += value;
        }
        else if (state == "used")
        {
            _used += value;
        }
    }
}
