using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Candor.Contract;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Benchmarks;

/// <summary>The sample app as a process, with our health or with the framework's.</summary>
internal sealed class Sample : IAsyncDisposable
{
    private Sample(TestProcess process, int port, TimeSpan startTime)
    {
        Process = process;
        Port = port;
        StartTime = startTime;
    }

    public TestProcess Process { get; }

    public int Port { get; }

    /// <summary>From the process's start to the first 200 on /health.</summary>
    public TimeSpan StartTime { get; }

    public static Task<Sample> CandorAsync(PublishedSample app, string? database = null, HealthContract? contract = null)
    {
        var ported = (contract ?? new()) with
        {
            Port = FreePort.Next(),
            ManagementPort = FreePort.Next(),
            Dependencies = database is null ? [] : [new() { Name = "database", Kind = DependencyKind.Postgres }],
        };
        return StartAsync(
            app,
            "candor",
            ported.Port,
            database,
            new() { [ContractEnvironment.ContractVariable] = ContractJson.Serialize(ported), ["CANDOR_BIND"] = "127.0.0.1" });
    }

    public static Task<Sample> BuiltInAsync(PublishedSample app, string? database = null)
    {
        var port = FreePort.Next();
        return StartAsync(
            app,
            "builtin",
            port,
            database,
            new() { ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") });
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<Sample> StartAsync(
        PublishedSample app, string mode, int port, string? database, Dictionary<string, string> environment)
    {
        environment["Logging__LogLevel__Default"] = "Warning";
        if (database is not null)
        {
            environment["ConnectionStrings__database"] = database;
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var process = TestProcess.Start("dotnet", [app.Assembly, mode], environment);
        while (!await IsWellAsync(port))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The sample app ended:\n{process.Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return new(process, port, clock.Elapsed);
    }

    private static async Task<bool> IsWellAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            await socket.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
            var buffer = new byte[12];
            var count = await socket.ReceiveAsync(buffer);
            return count == buffer.Length && buffer.AsSpan(9).SequenceEqual("200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
