using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Candor.Benchmarks;

/// <summary>
/// Clients that hold connections: 10,000 that say nothing, 5,000 that send half a request, and uploads that never end. What probes and
/// users get meanwhile, and what it costs, beside the same app on plain Kestrel in the same run.
/// </summary>
internal static class EdgesBenchmark
{
    private const int Idle = 10_000;
    private const int Half = 5_000;
    private const int Uploads = 100;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <summary>Measures, prints the table, and returns 1 when a bound does not hold.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        if (options is not [])
        {
            Console.Error.WriteLine($"edges takes no options; found \"{string.Join(' ', options)}\".");
            return 2;
        }

        using var app = await PublishedSample.MakeAsync();
        await using var candor = await Sample.CandorAsync(app);
        await using var plain = await Sample.BuiltInAsync(app);
        var ours = await HoldAsync(candor, "/healthz");
        var theirs = await HoldAsync(plain, "/health");
        var slow = await UploadAsync(candor);
        return Row.Print("plain Kestrel", Rows(ours, theirs, slow)) ? 0 : 1;
    }

    private static List<Row> Rows(Result ours, Result theirs, (int Unready, int Probes, int Failed, int Users, int Cut) slow) =>
    [
        new(
            $"liveness p99 with {Idle} idle connections and {Half} half requests",
            Milliseconds(ours.Probe),
            Milliseconds(theirs.Probe),
            "",
            "< 100 ms",
            ours.Probe < 100),
        new("failed probes meanwhile", $"{ours.FailedProbes}", $"{theirs.FailedProbes}", "", "0", ours.FailedProbes == 0),
        new(
            "user's request p99 meanwhile",
            Milliseconds(ours.User),
            Milliseconds(theirs.User),
            Text.Of($"{ours.User / theirs.User:0.00}"),
            "≤ 2, or < 50 ms",
            ours.User <= theirs.User * 2 || ours.User < 50),
        new("failed requests of users meanwhile", $"{ours.FailedUsers}", $"{theirs.FailedUsers}", "", "0", ours.FailedUsers == 0),
        new(
            "memory that the connections cost",
            MebiBytes(ours.Held - ours.Before),
            MebiBytes(theirs.Held - theirs.Before),
            Text.Of($"{(ours.Held - ours.Before) / (theirs.Held - theirs.Before):0.00}"),
            "≤ 1.15",
            ours.Held - ours.Before <= (theirs.Held - theirs.Before) * 1.15),
        new(
            "memory kept after they have closed",
            MebiBytes(ours.After - ours.Before),
            MebiBytes(theirs.After - theirs.Before),
            Text.Of($"{(ours.After - ours.Before) / (theirs.After - theirs.Before):0.00}"),
            "≤ 1.15, or < 10 MiB more",
            ours.After - ours.Before <= ((theirs.After - theirs.Before) * 1.15) + 10),
        new($"/health not 200 during {Uploads} slow uploads", $"{slow.Unready} of {slow.Probes}", "", "", "0", slow.Unready == 0),
        new("failed requests of users meanwhile", $"{slow.Failed} of {slow.Users}", "", "", "0", slow.Failed == 0),
        new("uploads answered 408", $"{slow.Cut}", "", "", $"{Uploads}", slow.Cut == Uploads),
    ];

    private static string Milliseconds(double value) => Text.Of($"{value:0.0} ms");

    private static string MebiBytes(double value) => Text.Of($"{value:0} MiB");

    private static async Task<Result> HoldAsync(Sample sample, string probe)
    {
        await AskAsync(sample.Port, probe, TimeSpan.FromSeconds(2));
        var before = Memory(sample);
        var sockets = new List<Socket>(Idle + Half);
        try
        {
            for (var number = 0; number < Idle + Half; number++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, sample.Port);
                if (number % 3 == 0)
                {
                    await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Half:"u8.ToArray());
                }
            }

            var users = AskAsync(sample.Port, "/", Held);
            var probes = await AskAsync(sample.Port, probe, Held);
            var (user, failedUsers) = await users;
            return new(probes.P99, probes.Failed, user, failedUsers, before, Memory(sample), await AfterAsync());
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        async Task<double> AfterAsync()
        {
            sockets.ForEach(socket => socket.Dispose());
            await AskAsync(sample.Port, probe, Settle);
            return Memory(sample);
        }
    }

    private static async Task<(int Unready, int Probes, int Failed, int Users, int Cut)> UploadAsync(Sample sample)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(40), TimeProvider.System);
        var uploads = Enumerable.Range(0, Uploads).Select(_ => UploadAsync(sample.Port, end.Token)).ToArray();
        var users = AskAllAsync(sample.Port, "/", () => uploads.All(upload => upload.IsCompleted));
        var probes = await AskAllAsync(sample.Port, "/health", () => uploads.All(upload => upload.IsCompleted));
        var answers = await Task.WhenAll(uploads);
        var served = await users;
        return (
            probes.Failed,
            probes.Times.Count,
            served.Failed,
            served.Times.Count,
            answers.Count(answer => answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal)));
    }

    private static async Task<string> UploadAsync(int port, CancellationToken end)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, end);
            await socket.SendAsync("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"u8.ToArray(), end);
            var answer = new byte[512];
            var received = socket.ReceiveAsync(answer, end).AsTask();
            while (!received.IsCompleted)
            {
                await socket.SendAsync(new byte[64], end);
                await Task.WhenAny(received, Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, end));
            }

            return Encoding.ASCII.GetString(answer, 0, await received);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return "";
        }
    }

    private static async Task<(double P99, int Failed)> AskAsync(int port, string path, TimeSpan span)
    {
        var clock = Stopwatch.StartNew();
        var (times, failed) = await AskAllAsync(port, path, () => clock.Elapsed >= span);
        var sorted = times.Order().ToList();
        return (sorted[sorted.Count * 99 / 100], failed);
    }

    // A new connection each time, as probers and a balancer without keep-alive make them, and a pause, as this is about delay, not load.
    private static async Task<(ConcurrentQueue<double> Times, int Failed)> AskAllAsync(int port, string path, Func<bool> ended)
    {
        var times = new ConcurrentQueue<double>();
        var failed = 0;
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        do
        {
            var clock = Stopwatch.StartNew();
            failed += await IsWellAsync(port, request) ? 0 : 1;
            times.Enqueue(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        while (!ended());
        return (times, failed);
    }

    private static async Task<bool> IsWellAsync(int port, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, late.Token);
            await socket.SendAsync(request, late.Token);
            var answer = new byte[12];
            return await socket.ReceiveAsync(answer, late.Token) == answer.Length && answer.AsSpan(9).SequenceEqual("200"u8);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static double Memory(Sample sample) =>
        double.Parse(
            File.ReadLines($"/proc/{sample.Process.Id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;

    private sealed record Result(double Probe, int FailedProbes, double User, int FailedUsers, double Before, double Held, double After);
}
