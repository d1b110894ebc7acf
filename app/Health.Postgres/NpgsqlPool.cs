using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Candor.Health.Checks;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>
/// Reads a data source's pool from Npgsql's own metrics, the only public place where it tells
/// (<see href="https://www.npgsql.org/doc/diagnostics/metrics.html">Npgsql metrics</see>; names as of Npgsql 10).
/// </summary>
/// <remarks>
/// Measurements carry the pool's name: the data source's, which cannot be asked for, or its connection string when it has none. So the
/// name is learned from what the data source itself measures while a command of ours runs on it (<see cref="RecognizeAsync"/>). Until
/// then the connection string stands in for it.
/// </remarks>
internal sealed class NpgsqlPool : IPoolStatistics, IDisposable
{
    private const string Count = "db.client.connection.count";
    private const string Limit = "db.client.connection.max";
    private const string Pending = "db.client.connection.npgsql.pending_requests";
    private const string Executing = "db.client.operation.npgsql.executing";
    private const string NameTag = "db.client.connection.pool.name";
    private const string StateTag = "db.client.connection.state";

    private static readonly AsyncLocal<NpgsqlPool?> Recognizing = new();

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _pending = new(StringComparer.Ordinal);
    private readonly Func<int>? _queue;
    private readonly int _configuredMaximum;
    private volatile string _name;
    private volatile bool _recognized;
    private Instrument? _executing;
    private readonly (string? Host, int Port, string? Database) _server;
    private readonly ConcurrentDictionary<string, bool> _sameServer = new(StringComparer.Ordinal);
    private int _used;
    private int _pools;
    private int _maximum;

    /// <param name="dependency">The dependency's name.</param>
    /// <param name="source">The app's data source.</param>
    /// <param name="queue">How many callers wait in front of the pool, at a limiter of the app's own.</param>
    public NpgsqlPool(string dependency, NpgsqlDataSource source, Func<int>? queue = null)
    {
        Dependency = dependency;
        _queue = queue;
        _name = source.ConnectionString;
        _server = ServerOf(source.ConnectionString);
        _configuredMaximum = new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.Name is Count or Limit or Pending or Executing)
            {
                _executing = instrument.Name == Executing ? instrument : _executing;
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
            _maximum = 0;
            _pools = 0;
            _listener.RecordObservableInstruments();
            var waiting = _pending.GetValueOrDefault(_name) + (_queue?.Invoke() ?? 0);
            return new(_used, _maximum > 0 ? _maximum : _configuredMaximum, waiting);
        }
    }

    /// <summary>
    /// How many pools of this process go to the same database, as of the last <see cref="Read"/>; health looks at one of them.
    /// </summary>
    public int Pools
    {
        get
        {
            lock (_gate)
            {
                return _pools;
            }
        }
    }

    /// <summary>Runs a command on the data source, and learns from its measurements what the pool is called.</summary>
    public Task<T> RecognizeAsync<T>(Func<Task<T>> command) => _recognized ? command() : RecognizingAsync(command);

    public void Dispose() => _listener.Dispose();

    // The value flows into the command and, as this method is asynchronous, not back to the caller.
    private async Task<T> RecognizingAsync<T>(Func<Task<T>> command)
    {
        Recognizing.Value = this;
        return await command().ConfigureAwait(false);
    }

    private void Take(Instrument instrument, int value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? name = null;
        string? state = null;
        foreach (var (key, text) in tags)
        {
            name = key == NameTag ? text as string : name;
            state = key == StateTag ? text as string : state;
        }

        if (name is null)
        {
            return;
        }

        switch (instrument.Name)
        {
            case Pending:
                // A counter that only tells changes, at the moment of each; those who began to wait before it was listened to are not
                // known.
                _pending.AddOrUpdate(
                    name, static (_, change) => Math.Max(0, change), static (_, now, change) => Math.Max(0, now + change), value);
                break;
            case Executing when Recognizing.Value == this:
                Recognize(name);
                break;
            case Count when state == "used":
                _pools += IsSameServer(name) ? 1 : 0;
                _used += name == _name ? value : 0;
                break;
            case Limit when name == _name:
                _maximum += value;
                break;
        }
    }

    // A pool without a name of its own is called by its connection string.
    private bool IsSameServer(string name) =>
        name == _name
            || _sameServer.GetOrAdd(name, static (name, server) => ServerOf(name) is { Host: not null } other && other == server, _server);

    private static (string? Host, int Port, string? Database) ServerOf(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return (settings.Host, settings.Port, settings.Database);
        }
        catch (ArgumentException)
        {
            return default;
        }
    }

    // From here on commands of the app cost no call of ours any more.
    private void Recognize(string name)
    {
        _name = name;
        _recognized = true;
        if (_executing is { } executing)
        {
            _listener.DisableMeasurementEvents(executing);
        }
    }
}
