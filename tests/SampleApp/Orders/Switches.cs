using System.Collections.Concurrent;
using Candor.Health;
using Npgsql;

namespace Candor.SampleApp.Orders;

/// <summary>
/// Mistakes that can be switched on: a file of the name in the folder <c>$SAMPLE_SWITCHES/$HOSTNAME</c>. Files, and a thread that looks
/// at them, because a service that serves nothing any more has to be switched back too.
/// <list type="bullet">
/// <item><c>fail-reads</c>: every read of one order throws.</item>
/// <item><c>fail-places</c>: every new order throws.</item>
/// <item><c>deadlock</c>: handlers wait for each other for ever.</item>
/// <item><c>block-threads</c>: handlers wait synchronously.</item>
/// <item><c>hold-connections</c>: handlers keep their database connection.</item>
/// <item><c>hang-check</c>: the check <c>hanging</c> does not end and ignores its token.</item>
/// <item><c>shed</c>: half of the requests are refused as more than the instance can serve.</item>
/// </list>
/// </summary>
internal sealed class Switches
{
    public const string FailReads = "fail-reads";
    public const string FailPlaces = "fail-places";
    public const string Deadlock = "deadlock";
    public const string BlockThreads = "block-threads";
    public const string HoldConnections = "hold-connections";
    public const string HangCheck = "hang-check";
    public const string Shed = "shed";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _on = new(StringComparer.Ordinal);

    public static Switches FromEnvironment()
    {
        var switches = new Switches();
        if (Environment.GetEnvironmentVariable("SAMPLE_SWITCHES") is { Length: > 0 } folder)
        {
            var mine = Path.Combine(folder, Environment.GetEnvironmentVariable("HOSTNAME") ?? Environment.MachineName);
            new Thread(() => switches.Watch(mine)) { IsBackground = true, Name = "switches" }.Start();
        }

        return switches;
    }

    public bool IsOn(string name) => _on.ContainsKey(name);

    /// <summary>Ends at once, or when it is switched off.</summary>
    public Task WhileOnAsync(string name) => _on.TryGetValue(name, out var source) ? source.Task : Task.CompletedTask;

    private void Watch(string folder)
    {
        using var never = new ManualResetEventSlim();
        while (!never.Wait(TimeSpan.FromMilliseconds(25)))
        {
            var wanted = Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal)
                : [];
            foreach (var name in wanted)
            {
                _on.TryAdd(name, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            foreach (var name in _on.Keys.Except(wanted).ToList())
            {
                if (_on.TryRemove(name, out var source))
                {
                    source.TrySetResult();
                }
            }
        }
    }
}

/// <summary>Makes the mistakes that are switched on, in requests for orders.</summary>
internal sealed class SwitchMiddleware(RequestDelegate next, Switches switches, NpgsqlDataSource database)
{
    private long _number;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/orders", out var rest))
        {
            await next(context);
            return;
        }

        if ((switches.IsOn(Switches.FailReads) && rest.HasValue)
            || (switches.IsOn(Switches.FailPlaces) && HttpMethods.IsPost(context.Request.Method)))
        {
            throw new InvalidOperationException("A bug in one code path.");
        }

        if (switches.IsOn(Switches.Shed) && Interlocked.Increment(ref _number) % 2 == 0)
        {
            context.MarkLoadShed();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        await switches.WhileOnAsync(Switches.Deadlock);
        if (switches.IsOn(Switches.BlockThreads))
        {
            using var never = new ManualResetEventSlim();
            while (switches.IsOn(Switches.BlockThreads))
            {
                never.Wait(TimeSpan.FromMilliseconds(100));
            }
        }

        if (switches.IsOn(Switches.HoldConnections))
        {
            await using var held = await database.OpenConnectionAsync();
            await switches.WhileOnAsync(Switches.HoldConnections);
        }

        await next(context);
    }
}
