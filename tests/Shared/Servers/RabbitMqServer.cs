using System.Globalization;
using Candor.Testing.Network;
using Candor.Testing.Processes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Candor.Testing.Servers;

/// <summary>
/// A RabbitMQ of its own: node name, data, plug-ins, ports and even the port mapper (<c>epmd</c>) are nobody else's, so that it
/// meets no system service and no second test run.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>Password of the user <c>orders</c>.</summary>
    public const string Password = "s3cret-of-the-tests";

    private readonly TemporaryDirectory _directory;
    private readonly int _mapperPort;
    private readonly TestProcess _mapper;
    private TestProcess _broker;

    private RabbitMqServer(TemporaryDirectory directory, int mapperPort, TestProcess mapper, TestProcess broker, int port)
    {
        _directory = directory;
        _mapperPort = mapperPort;
        _mapper = mapper;
        _broker = broker;
        Port = port;
    }

    /// <summary>The AMQP port, at 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one; takes some seconds.</summary>
    public static async Task<RabbitMqServer> StartAsync()
    {
        var directory = TemporaryDirectory.Create();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "plugins"), "[].");
        await File.WriteAllTextAsync(
            Path.Combine(directory.Path, "rabbitmq.conf"),
            $"""
            default_user = orders
            default_pass = {Password}
            disk_free_limit.absolute = 1MB

            """);
        var (mapper, mapperPort) = await Startup.OnFreePortAsync(
            port => Unprivileged.Start(
                SystemProgram.Find("epmd", "erlang-base"), ["-port", Text(port), "-address", "127.0.0.1"], directory),
            Startup.AcceptsAsync);
        var (broker, amqp) = await Startup.OnFreePortAsync(port => Start(directory, port, mapperPort), AnswersAsync);
        return new(directory, mapperPort, mapper, broker, amqp);
    }

    /// <summary>AMQP URI of this server.</summary>
    /// <param name="port">Another port to dial, such as a proxy's.</param>
    /// <param name="password">Another password.</param>
    public string ConnectionString(int? port = null, string password = Password) => Uri(port ?? Port, password);

    /// <summary>Opens a connection of the test's own.</summary>
    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new(ConnectionString()) }.CreateConnectionAsync();

    /// <summary>Runs <c>rabbitmqctl</c> against this server.</summary>
    public async Task ControlAsync(params string[] command)
    {
        await using var control = Unprivileged.Start(
            SystemProgram.Find("rabbitmqctl", "rabbitmq-server", "/usr/lib/rabbitmq/bin"),
            ["-n", Node(Port), .. command],
            _directory,
            new Dictionary<string, string> { ["ERL_EPMD_PORT"] = Text(_mapperPort), ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null" });
        // A virtual machine of its own: seconds on a machine that has nothing else to do.
        var code = await control.WaitForExitAsync(TimeSpan.FromMinutes(2));
        if (code != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', command)} ended with {code}:\n{control.Output}");
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task StopAsync() => _broker.KillAsync();

    /// <summary>Starts it again on the same port with the same data.</summary>
    public async Task RestartAsync()
    {
        _broker = Start(_directory, Port, _mapperPort);
        await Startup.UntilAsync(_broker, () => AnswersAsync(Port));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _broker.KillAsync();
        await _broker.DisposeAsync();
        await _mapper.DisposeAsync();
        _directory.Dispose();
    }

    private static TestProcess Start(TemporaryDirectory directory, int port, int mapperPort) => Unprivileged.Start(
        SystemProgram.Find("rabbitmq-server", "rabbitmq-server", "/usr/lib/rabbitmq/bin"),
        [],
        directory,
        new Dictionary<string, string>
        {
            ["ERL_EPMD_PORT"] = Text(mapperPort),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = Node(port),
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(port),
            ["RABBITMQ_DIST_PORT"] = Text(FreePort.Next()),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(directory.Path, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(directory.Path, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(directory.Path, "plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(directory.Path, "rabbitmq"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            // Makes the start script become the broker instead of its parent, so that the process id is the broker's.
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            // No shell, and no busy waiting: tests share few cores.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput +sbwt none +sbwtdcpu none +sbwtdio none",
        });

    private static async Task<bool> AnswersAsync(int port)
    {
        if (!await Startup.AcceptsAsync(port))
        {
            return false;
        }

        try
        {
            await using var connection = await new ConnectionFactory { Uri = new(Uri(port, Password)) }.CreateConnectionAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private static string Node(int port) => string.Create(CultureInfo.InvariantCulture, $"candor-{port}@localhost");

    private static string Uri(int port, string password) => $"amqp://orders:{password}@127.0.0.1:{Text(port)}/";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
