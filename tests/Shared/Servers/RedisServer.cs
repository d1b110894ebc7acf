using System.Globalization;
using Candor.Testing.Processes;

namespace Candor.Testing.Servers;

/// <summary>A Redis of its own, with a password, on a free port, keeping nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>Its password.</summary>
    public const string Password = "s3cret-of-the-tests";

    private readonly TemporaryDirectory _directory;
    private TestProcess _process;

    private RedisServer(TemporaryDirectory directory, TestProcess process, int port)
    {
        _directory = directory;
        _process = process;
        Port = port;
    }

    /// <summary>The port it listens on, at 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var directory = TemporaryDirectory.Create();
        var (process, port) = await Startup.OnFreePortAsync(port => Start(directory, port), Startup.AcceptsAsync);
        return new(directory, process, port);
    }

    /// <summary>StackExchange.Redis configuration of this server.</summary>
    /// <param name="port">Another port to dial, such as a proxy's.</param>
    /// <param name="password">Another password.</param>
    public string ConnectionString(int? port = null, string password = Password) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port ?? Port},password={password}");

    /// <summary>Runs <c>redis-cli</c> and gives its answer.</summary>
    public async Task<string> CommandAsync(params string[] command)
    {
        await using var client = TestProcess.Start(
            SystemProgram.Find("redis-cli", "redis-tools"),
            ["-p", Port.ToString(CultureInfo.InvariantCulture), "-a", Password, "--no-auth-warning", .. command]);
        await client.WaitForExitAsync();
        return client.Output;
    }

    /// <summary>Ends it.</summary>
    public Task StopAsync() => _process.KillAsync();

    /// <summary>Starts it again on the same port, empty.</summary>
    public async Task RestartAsync()
    {
        _process = Start(_directory, Port);
        await Startup.UntilAsync(_process, () => Startup.AcceptsAsync(Port));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static TestProcess Start(TemporaryDirectory directory, int port) => Unprivileged.Start(
        SystemProgram.Find("redis-server", "redis-server"),
        [
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            Password,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            directory.Path,
        ],
        directory);
}
