using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Candor.Chaos.Users;

/// <summary>How users behave.</summary>
/// <param name="Rate">Requests a second over all operations.</param>
/// <param name="Timeout">How long a user waits for an answer.</param>
/// <param name="Slow">From when an answer counts as slow.</param>
internal sealed record UserHabits(double Rate, TimeSpan Timeout, TimeSpan Slow);

/// <summary>
/// Users. The load is open: each request is sent when it is due, whatever became of those before, so that a service that stalls does
/// not slow down those who measure it. Half of them keep their connections, half open a new one each time. An answer is judged by its
/// content: the order that was placed, not only a status code.
/// </summary>
internal sealed class UserLoad : IAsyncDisposable
{
    /// <summary>Requests that may be open at once before users count as not having kept their rate.</summary>
    private const int MostOpen = 4000;

    /// <summary>Two of ten place an order, six read one, two list: in this order, so that no operation waits for its turn for long.</summary>
    private static readonly string[] _turns =
    [
        Catalogue.Operations.Place, Catalogue.Operations.Read, Catalogue.Operations.Read, Catalogue.Operations.List, Catalogue.Operations.Read,
        Catalogue.Operations.Place, Catalogue.Operations.Read, Catalogue.Operations.Read, Catalogue.Operations.List, Catalogue.Operations.Read,
    ];

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);

    private readonly HttpClient _kept;
    private readonly HttpClient _fresh;
    private readonly Func<double> _now;
    private readonly TimeProvider _time;
    private readonly UserHabits _habits;
    private readonly OrderJudge _judge;
    private readonly ConcurrentQueue<UserSample> _samples = new();
    private readonly ConcurrentQueue<(Guid Id, string Item)> _known = new();
    private readonly ConcurrentBag<Guid> _accepted = [];
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _run = Task.CompletedTask;
    private double _rate;
    private double _due;
    private long _scheduled;
    private long _turn;
    private long _skipped;
    private int _openCount;

    /// <param name="url">Where users come in.</param>
    /// <param name="habits">How they behave.</param>
    /// <param name="now">Seconds since the measurement began.</param>
    /// <param name="time">The clock.</param>
    public UserLoad(Uri url, UserHabits habits, Func<double> now, TimeProvider time)
    {
        _habits = habits;
        _now = now;
        _time = time;
        _rate = habits.Rate;
        _judge = new($"tea-{Guid.NewGuid().ToString("N")[..8]}");
        _kept = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        _fresh = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What came of each request so far.</summary>
    public IReadOnlyCollection<UserSample> Samples => _samples;

    /// <summary>Requests that were due so far.</summary>
    public long Scheduled => Interlocked.Read(ref _scheduled);

    /// <summary>Requests that were due and not sent, for too many were open.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Every order that was answered with 201.</summary>
    public IReadOnlyCollection<Guid> Accepted => _accepted;

    /// <summary>Orders that users know and read.</summary>
    public IReadOnlyList<(Guid Id, string Item)> Known => [.. _known];

    /// <summary>The beginning of every item that these users order.</summary>
    public string Mark => _judge.Mark;

    /// <summary>Requests a second from now on; 0 for none.</summary>
    public double Rate
    {
        get => _rate;
        set
        {
            lock (_gate)
            {
                _rate = value;
                _due = _now();
            }
        }
    }

    /// <summary>Places a few orders, so that there is something to read.</summary>
    /// <exception cref="ChaosException">The service does not take an order although everything is healthy.</exception>
    public async Task PrepareAsync(int orders, CancellationToken cancellationToken)
    {
        string? last = null;
        for (var i = 0; _known.Count < orders; i++)
        {
            var (outcome, what) = await AskAsync(_kept, Catalogue.Operations.Place, cancellationToken);
            if (outcome.Failed())
            {
                last = what;
                await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancellationToken);
                if (i > orders + 25)
                {
                    throw new ChaosException($"The service takes no orders before any fault is made: {last}.");
                }
            }
        }
    }

    /// <summary>Begins.</summary>
    public void Start()
    {
        _due = _now();
        _run = Task.Run(RunAsync);
    }

    /// <summary>Sends nothing more, and waits for what is under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await Task.WhenAll(_open.Keys);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _kept.Dispose();
        _fresh.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_tick, _time);
        while (!_stop.IsCancellationRequested)
        {
            SendDue();
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void SendDue()
    {
        lock (_gate)
        {
            while (_rate > 0 && _due <= _now())
            {
                var due = _due;
                _due += 1 / _rate;
                Interlocked.Increment(ref _scheduled);
                if (Volatile.Read(ref _openCount) >= MostOpen)
                {
                    Interlocked.Increment(ref _skipped);
                    continue;
                }

                Interlocked.Increment(ref _openCount);
                var turn = _turn++;
                var task = Task.Run(() => OneAsync(turn, due));
                _open[task] = 0;
                _ = task.ContinueWith(done => _open.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task OneAsync(long turn, double due)
    {
        var operation = _turns[turn % _turns.Length];
        var sent = _now();
        using var timeout = new CancellationTokenSource(_habits.Timeout, _time);
        // The half changes with each round of turns, so that every operation is asked for in both ways.
        var client = (turn + (turn / _turns.Length)) % 2 == 0 ? _kept : _fresh;
        var (outcome, what) = await AskAsync(client, operation, timeout.Token);
        var took = _now() - sent;
        if (outcome == UserOutcome.Served && took > _habits.Slow.TotalSeconds)
        {
            outcome = UserOutcome.Slow;
        }

        _samples.Enqueue(new(operation, due, sent - due, took, outcome, what));
        Interlocked.Decrement(ref _openCount);
    }

    private async Task<(UserOutcome Outcome, string? What)> AskAsync(HttpClient client, string operation, CancellationToken cancellationToken)
    {
        try
        {
            return operation switch
            {
                Catalogue.Operations.Place => await PlaceAsync(client, cancellationToken),
                Catalogue.Operations.Read => await ReadAsync(client, cancellationToken),
                _ => await ListAsync(client, cancellationToken),
            };
        }
        catch (OperationCanceledException)
        {
            return (UserOutcome.Lost, string.Create(CultureInfo.InvariantCulture, $"no answer within {_habits.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (UserOutcome.Lost, (e.InnerException ?? e).Message);
        }
    }

    private async Task<(UserOutcome, string?)> PlaceAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var (item, quantity) = _judge.NextOrder();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = new StringContent(string.Create(CultureInfo.InvariantCulture, $"{{\"item\":\"{item}\",\"quantity\":{quantity}}}"), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", item);
        using var answer = await client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            return Refused(answer.StatusCode);
        }

        if (OrderJudge.ReadPlaced(body, item, quantity, out var id) is { } wrong)
        {
            return (UserOutcome.Wrong, wrong);
        }

        _accepted.Add(id);
        _known.Enqueue((id, item));
        while (_known.Count > 100 && _known.TryDequeue(out _))
        {
        }

        return (UserOutcome.Served, null);
    }

    private async Task<(UserOutcome, string?)> ReadAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var known = _known.ToArray();
        var (id, item) = known[Random.Shared.Next(known.Length)];
        using var answer = await client.GetAsync(new Uri($"/orders/{id}", UriKind.Relative), cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.StatusCode != HttpStatusCode.OK ? Refused(answer.StatusCode)
            : OrderJudge.Read(body, id, item) is { } wrong ? (UserOutcome.Wrong, wrong)
            : (UserOutcome.Served, null);
    }

    private static async Task<(UserOutcome, string?)> ListAsync(HttpClient client, CancellationToken cancellationToken)
    {
        const int Limit = 5;
        using var answer = await client.GetAsync(new Uri($"/orders?limit={Limit}", UriKind.Relative), cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.StatusCode != HttpStatusCode.OK ? Refused(answer.StatusCode)
            : OrderJudge.ReadList(body, Limit) is { } wrong ? (UserOutcome.Wrong, wrong)
            : (UserOutcome.Served, null);
    }

    private static (UserOutcome, string?) Refused(HttpStatusCode code) => (UserOutcome.Refused, ((int)code).ToString(CultureInfo.InvariantCulture));
}
