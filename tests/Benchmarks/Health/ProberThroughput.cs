using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Candor.Testing.Servers;

namespace Candor.Benchmarks;

/// <summary>/health under 1,000 probers at once, with one check of a real PostgreSQL.</summary>
internal static class ProberThroughput
{
    private const int Probers = 1000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("alter system set shared_preload_libraries = 'pg_stat_statements'");
        await server.ExecuteAsync("alter system set max_connections = 200");
        await server.StopAsync();
        await server.RestartAsync();
        await server.ExecuteAsync("create extension pg_stat_statements");
        await using var candor = await Sample.CandorAsync(server.ConnectionString());
        await using var builtIn = await Sample.BuiltInAsync(server.ConnectionString());

        var ours = new List<double>();
        var theirs = new List<double>();
        var (queries, seconds) = (0L, 0.0);
        for (var turn = -1; turn < 3; turn++)
        {
            await server.ExecuteAsync("select pg_stat_statements_reset()");
            var clock = Stopwatch.StartNew();
            var one = await LoadAsync(candor.Port);
            var elapsed = clock.Elapsed.TotalSeconds;
            var count = await server.ScalarAsync<long>("select coalesce(sum(calls), 0)::bigint from pg_stat_statements where query ilike 'select $1'");
            var other = await LoadAsync(builtIn.Port);
            if (turn >= 0)
            {
                ours.Add(one);
                theirs.Add(other);
                queries += count;
                seconds += elapsed;
            }
        }

        var (rate, otherRate) = (Text.Median(ours), Text.Median(theirs));
        var window = queries / seconds;
        return
        [
            new("/health under 1,000 probers, answers a second", Text.Of($"{rate:0}"), Text.Of($"{otherRate:0}"), Text.Of($"{rate / otherRate:0.0}"), "≥ 5", rate >= otherRate * 5),
            new("database queries a freshness window (1 s)", Text.Of($"{window:0.00}"), "one an answer", Text.Of($"{window:0.00}"), "≤ 1", window <= 1),
        ];
    }

    private static async Task<double> LoadAsync(int port)
    {
        using var end = new CancellationTokenSource();
        var answers = 0L;
        var probers = Enumerable.Range(0, Probers).Select(_ => Task.Run(() => ProbeAsync(port, () => Interlocked.Increment(ref answers), end.Token))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Interlocked.Exchange(ref answers, 0);
        var clock = Stopwatch.StartNew();
        await Task.Delay(Turn, TimeProvider.System);
        var rate = Interlocked.Read(ref answers) / clock.Elapsed.TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll(probers);
        return rate;
    }

    /// <summary>One prober: asks again as soon as it is answered. As cheap as can be, for it shares the processors with what it measures.</summary>
    private static async Task ProbeAsync(int port, Action answered, CancellationToken end)
    {
        ReadOnlyMemory<byte> request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();
        var buffer = new byte[4096];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), end);
            while (!end.IsCancellationRequested)
            {
                await socket.SendAsync(request, end);
                var count = 0;
                do
                {
                    var more = await socket.ReceiveAsync(buffer.AsMemory(count), end);
                    if (more == 0)
                    {
                        throw new InvalidOperationException("The connection was closed after: " + System.Text.Encoding.ASCII.GetString(buffer, 0, count));
                    }

                    count += more;
                }
                while (!IsWhole(buffer.AsSpan(0, count)));

                if (buffer.AsSpan(9, 3).SequenceEqual("200"u8))
                {
                    answered();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) => answer.EndsWith("}}}"u8) || answer.EndsWith("Healthy"u8) || answer.EndsWith("0\r\n\r\n"u8);
}
