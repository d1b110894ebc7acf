namespace Candor.Chaos.Injection;

/// <summary>Commands to Redis.</summary>
/// <param name="Do">What is done, one command a line.</param>
/// <param name="Undo">What undoes it.</param>
internal sealed record Redis(string Do, string Undo) : Inject
{
    public override string Undone => Undo.ReplaceLineEndings("; ");

    public override Task DoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Do, cancellationToken);

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Undo, cancellationToken);

    /// <summary>Splits at blanks; Redis' own refusal is an error.</summary>
    internal static async Task RunAsync(Site site, string commands, CancellationToken cancellationToken)
    {
        foreach (var line in commands.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await site.ExecAsync("cache", ["redis-cli", "-e", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)], cancellationToken);
        }
    }
}

/// <summary>Spoils the entries of the orders that users read, again and again while it lasts, for the service writes new ones.</summary>
/// <param name="How">What becomes of an entry.</param>
internal sealed record RedisAgain(SpoiltEntry How) : Inject
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    public override string Undone => "flushall";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        await SpoilAsync(site, cancellationToken);
        site.Hold(this, new Repeated(token => SpoilAsync(site, token), _pause, site.Time));
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        await site.ReleaseAsync(this);
        await Redis.RunAsync(site, "flushall", cancellationToken);
    }

    private async Task SpoilAsync(Site site, CancellationToken cancellationToken)
    {
        // Every key that an order may be kept under: what the service has written itself, and what it would write for orders that users know.
        const string EveryKey = "local keys = redis.call('keys', 'order*') for _, k in ipairs(ARGV) do keys[#keys + 1] = k end for _, k in ipairs(keys) do ";
        var script = EveryKey + How switch
        {
            SpoiltEntry.Empty => "redis.call('set', k, '') ",
            SpoiltEntry.Null => "redis.call('set', k, 'null') ",
            SpoiltEntry.WrongType => "redis.call('del', k) redis.call('rpush', k, 'x') ",
            SpoiltEntry.OtherOrder => "redis.call('set', k, '{\"id\":\"00000000-0000-7000-8000-000000000001\",\"item\":\"poison\",\"quantity\":1,\"status\":\"processed\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"processedAt\":\"2026-01-01T00:00:01Z\"}') ",
            _ => "redis.call('set', k, '{}') ",
        } + "end return #keys";
        await site.ExecAsync("cache", ["redis-cli", "eval", script, "0", .. site.KnownOrders().Select(order => $"order:{order.Id}")], cancellationToken);
    }
}

/// <summary>What becomes of a cache entry.</summary>
internal enum SpoiltEntry
{
    /// <summary>An empty text.</summary>
    Empty,

    /// <summary>JSON without the fields of an order.</summary>
    Fields,
    Null,

    /// <summary>A list where a text is expected.</summary>
    WrongType,

    /// <summary>An order, and not the one of the key.</summary>
    OtherOrder,
}

/// <summary>Does something again and again until it is disposed of; what fails is tried again.</summary>
internal sealed class Repeated : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public Repeated(Func<CancellationToken, Task> action, TimeSpan pause, TimeProvider time) => _run = RunAsync(action, pause, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> action, TimeSpan pause, TimeProvider time)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!_stop.IsCancellationRequested)
                {
                    await action(_stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or Candor.Local.LocalException or HttpRequestException or IOException)
            {
                // The next round tries again.
            }
        }
    }
}
