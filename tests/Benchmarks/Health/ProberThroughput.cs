using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Candor.Testing.Servers;

namespace Candor.Benchmarks;

/// <summary>/health under 1,000 probers at once, with one check of a real PostgreSQL.</summary>
internal static class ProberThroughput
{
    private const int Probers = 1000;
    private const int Threads = 4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);
    /// <summary>How long one turn lasts, with its warm-up.</summary>
    public static double Seconds => (WarmUp + Turn).TotalSeconds;

    private static readonly byte[] Probe = [.. "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PublishedSample app)
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ExecuteAsync("alter system set shared_preload_libraries = 'pg_stat_statements'");
        await server.ExecuteAsync("alter system set max_connections = 200");
        await server.StopAsync();
        await server.RestartAsync();
        await server.ExecuteAsync("create extension pg_stat_statements");
        var database = await server.CreateDatabaseAsync();
        await using var candor = await Sample.CandorAsync(app, server.ConnectionString(database));
        await using var builtIn = await Sample.BuiltInAsync(app, server.ConnectionString());

        var ours = new List<double>();
        var theirs = new List<double>();
        var (queries, windows) = (0L, 0.0);
        for (var turn = -1; turn < 3; turn++)
        {
            await server.ExecuteAsync("select pg_stat_statements_reset()");
            var clock = Stopwatch.StartNew();
            var one = await LoadAsync(candor.Port, Probe);
            var elapsed = clock.Elapsed.TotalSeconds;
            var count = await server.ScalarAsync<long>(
                "select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname "
                    + $"= '{database}' and s.query ilike 'select $1'");
            var other = await LoadAsync(builtIn.Port, Probe);
            if (turn >= 0)
            {
                ours.Add(one);
                theirs.Add(other);
                queries += count;
                windows += elapsed + 1;
            }
        }

        var (rate, otherRate) = (Text.Median(ours), Text.Median(theirs));
        var window = queries / windows;
        return
        [
            new(
                "/health under 1,000 probers, answers a second",
                Text.Of($"{rate:0}"),
                Text.Of($"{otherRate:0}"),
                Text.Of($"{rate / otherRate:0.0}"),
                "≥ 5",
                rate >= otherRate * 5),
            new(
                "database queries a freshness window (1 s)",
                Text.Of($"{window:0.00}"),
                "one an answer",
                Text.Of($"{window:0.00}"),
                "≤ 1",
                window <= 1),
        ];
    }

    /// <summary>Answers a second, when each of many clients asks again as soon as it is answered.</summary>
    public static async Task<double> LoadAsync(int port, byte[] request, int clients = Probers)
    {
        var threads = Enumerable.Range(0, Threads)
            .Select(_ => Task.Factory.StartNew(() => Load(port, request, clients / Threads), TaskCreationOptions.LongRunning));
        return (await Task.WhenAll(threads)).Sum();
    }

    /// <summary>
    /// Each prober asks again as soon as it is answered. Many share one thread and need no task, to leave as much as can be of the
    /// processors to what is measured.
    /// </summary>
    private static double Load(int port, byte[] request, int clients)
    {
        var probers = new Dictionary<Socket, Prober>();
        for (var number = 0; number < clients; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            socket.Send(request);
            probers.Add(socket, new());
        }

        var clock = Stopwatch.StartNew();
        var answers = 0;
        var ready = new List<Socket>(Probers);
        while (clock.Elapsed < WarmUp + Turn)
        {
            ready.Clear();
            ready.AddRange(probers.Keys);
            Socket.Select(ready, null, null, TimeSpan.FromMilliseconds(100));
            foreach (var socket in ready)
            {
                if (probers[socket].Receive(socket) is { } status)
                {
                    answers += status == 200 && clock.Elapsed >= WarmUp ? 1 : 0;
                    socket.Send(request);
                }
            }
        }

        foreach (var socket in probers.Keys)
        {
            socket.Dispose();
        }

        return answers / Turn.TotalSeconds;
    }

    private sealed class Prober
    {
        private readonly byte[] _bytes = new byte[4096];
        private int _count;

        /// <summary>The status, once the whole answer is there.</summary>
        public int? Receive(Socket socket)
        {
            var more = socket.Receive(_bytes.AsSpan(_count));
            if (more == 0)
            {
                throw new InvalidOperationException(
                    "The connection was closed after: " + System.Text.Encoding.ASCII.GetString(_bytes, 0, _count));
            }

            _count += more;
            if (!IsWhole(_bytes.AsSpan(0, _count)))
            {
                return null;
            }

            _count = 0;
            return int.Parse(_bytes.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    // By its length, or by the chunk that ends it.
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var key = "Content-Length: "u8;
        var at = answer[..head].IndexOf(key);
        if (at < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8);
        }

        var value = answer[(at + key.Length)..head];
        var end = value.IndexOf((byte)'\r');
        return answer.Length >= head + 4 + int.Parse(end < 0 ? value : value[..end], System.Globalization.CultureInfo.InvariantCulture);
    }
}
