using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>
/// RabbitMQ as its official image runs it. Node name, distribution port and the port mapper belong to the pod alone: nothing of the
/// machine's own RabbitMQ is seen or touched.
/// </summary>
internal sealed class RabbitMqImage : ContainerImage
{
    private const int DefaultPort = 5672;

    /// <summary>RabbitMQ's own default for the port that nodes talk on.</summary>
    private const int DistributionOffset = 20000;

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        var user = User;
        var data = context.DataDirectory;
        OwnedFolder.Create(data, user);
        OwnedFolder.Create(Path.Combine(data, "mnesia"), user);
        OwnedFolder.Create(Path.Combine(data, "log"), user);
        OwnedFolder.WriteSecret(Path.Combine(data, "rabbitmq.conf"), Configuration(context), user);
        OwnedFolder.WriteSecret(Path.Combine(data, "enabled_plugins"), "[].\n", user);

        // The mapper is a child of the shell that becomes the server, so it can never outlive it.
        const string Script = """
            setpriv --pdeathsig KILL -- "$1" -port "$ERL_EPMD_PORT" -address "$ERL_EPMD_ADDRESS" &
            exec "$2"
            """;
        return Task.FromResult(new ProcessStart
        {
            Program = "/bin/sh",
            Arguments = ["-c", Script, "rabbitmq", SystemPrograms.Require("epmd"), SystemPrograms.Require("rabbitmq-server")],
            Environment = Environment(context, renew: true),
            WorkingDirectory = data,
            User = user,
            DeathSignal = Signal.Terminate,
        });
    }

    /// <inheritdoc />
    public override ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command)
    {
        var start = base.Exec(context, command);
        return start with { Environment = Environment(context, renew: false) };
    }

    /// <inheritdoc />
    protected override string? User => SystemUser.FirstOf("rabbitmq", "nobody");

    /// <summary>RabbitMQ refuses a port for nodes that is taken on any address, so two runs at once cannot both have the Plan's.</summary>
    public override int LocalPort(ContainerContext context, int port) =>
        !context.OwnNetwork && port == Port(context) + DistributionOffset ? Remembered(context, "distribution-port", renew: false) : port;

    private static Dictionary<string, string> Environment(ContainerContext context, bool renew)
    {
        var data = context.DataDirectory;
        var mapperPort = Remembered(context, "mapper-port", renew);
        var distribution = context.OwnNetwork ? Port(context) + DistributionOffset : Remembered(context, "distribution-port", renew);
        var environment = BaseEnvironment(context);
        // Said in the configuration file: with an address, which these cannot carry, and out of sight.
        foreach (var name in new[] { "RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_USER", "RABBITMQ_NODE_PORT", "RABBITMQ_NODE_IP_ADDRESS" })
        {
            environment.Remove(name);
        }

        environment["ERL_EPMD_ADDRESS"] = context.Address.ToString();
        environment["ERL_EPMD_PORT"] = mapperPort.ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_USE_LONGNAME"] = "true";
        environment["RABBITMQ_NODENAME"] = $"rabbit@{context.Address}";
        environment["RABBITMQ_DIST_PORT"] = distribution.ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(data, "rabbitmq.conf");
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(data, "enabled_plugins");
        // By a name that does not change with the address, for the data stays when the address does not.
        environment["RABBITMQ_MNESIA_DIR"] = Path.Combine(data, "mnesia", "node");
        environment["RABBITMQ_LOG_BASE"] = Path.Combine(data, "log");
        environment["RABBITMQ_PID_FILE"] = Path.Combine(data, "pid");
        environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        environment["RABBITMQ_LOG"] = "-color";
        // Without busy waiting: an idle broker must not eat the cores that the tests measure on.
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            $"-kernel inet_dist_use_interface {{{context.Address.ToString().Replace('.', ',')}}} +sbwt none +sbwtdcpu none +sbwtdio none +S 2";
        return environment;
    }

    private static int Port(ContainerContext context) =>
        int.TryParse(context.Environment.GetValueOrDefault("RABBITMQ_NODE_PORT"), out var port) ? port : context.Container.Ports.Values.FirstOrDefault(DefaultPort);

    private static string Configuration(ContainerContext context)
    {
        var user = context.Environment.GetValueOrDefault("RABBITMQ_DEFAULT_USER") ?? "guest";
        var password = context.Environment.GetValueOrDefault("RABBITMQ_DEFAULT_PASS") ?? "guest";
        var port = Port(context);
        return string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = {(context.OwnNetwork ? IPAddress.Any : context.Address)}:{port}
            default_user = {user}
            default_pass = {password}
            loopback_users = none
            log.console = true
            log.console.level = warning
            log.file = false

            """);
    }

    /// <summary>A port that nobody holds on any address, the same from one start of the server to the next.</summary>
    private static int Remembered(ContainerContext context, string name, bool renew)
    {
        var file = Path.Combine(context.DataDirectory, name);
        if (renew || !File.Exists(file))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            File.WriteAllText(file, ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        }

        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }
}
