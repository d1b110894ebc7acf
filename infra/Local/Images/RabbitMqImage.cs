using System.Collections.Concurrent;
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

    private const string Mapper = "mapper";
    private const string Distribution = "distribution";

    private static readonly string[] _folders = ["mnesia", "log", "config", "schema", "plugins"];

    /// <summary>
    /// The variables by which RabbitMQ finds its files, and where they are below the pod's folder. The node's own by a name that does not
    /// change with the address, for the data stays when the address does not.
    /// </summary>
    private static readonly (string Variable, string Path)[] _paths =
    [
        ("HOME", string.Empty),
        ("RABBITMQ_CONFIG_FILE", "rabbitmq.conf"),
        ("RABBITMQ_CONFIG_FILES", "config/*.conf"),
        ("RABBITMQ_ADVANCED_CONFIG_FILE", "config/advanced.config"),
        ("RABBITMQ_GENERATED_CONFIG_DIR", "config/generated"),
        ("RABBITMQ_SCHEMA_DIR", "schema"),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", "enabled_plugins"),
        ("RABBITMQ_PLUGINS_EXPAND_DIR", "plugins/node"),
        ("RABBITMQ_FEATURE_FLAGS_FILE", "mnesia/node-feature_flags"),
        ("RABBITMQ_MNESIA_BASE", "mnesia"),
        ("RABBITMQ_MNESIA_DIR", "mnesia/node"),
        ("RABBITMQ_QUORUM_DIR", "mnesia/node/quorum"),
        ("RABBITMQ_STREAM_DIR", "mnesia/node/stream"),
        ("RABBITMQ_LOG_BASE", "log"),
        ("RABBITMQ_MOTD_FILE", "config/motd"),
        ("RABBITMQ_PID_FILE", "pid"),
        ("ERL_CRASH_DUMP", "log/erl_crash.dump"),
    ];

    private readonly ConcurrentDictionary<string, int> _ports = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        var user = User;
        var data = context.DataDirectory;
        using var folder = OwnedFolder.Open(data, user);
        foreach (var name in _folders)
        {
            folder.Folder(name).Dispose();
        }

        folder.WriteSecret("rabbitmq.conf", Configuration(context));
        folder.WriteSecret("enabled_plugins", "[].\n");
        Renew(context);

        // The mapper is a child of the shell that becomes the server, so it can never outlive it.
        const string Script = """
            setpriv --pdeathsig KILL -- "$1" -port "$ERL_EPMD_PORT" -address "$ERL_EPMD_ADDRESS" &
            exec "$2"
            """;
        return Task.FromResult(new ProcessStart
        {
            Program = "/bin/sh",
            Arguments = ["-c", Script, "rabbitmq", SystemPrograms.Require("epmd"), SystemPrograms.Require("rabbitmq-server")],
            Environment = Environment(context),
            WorkingDirectory = data,
            User = user,
            DeathSignal = Signal.Terminate,
        });
    }

    /// <inheritdoc />
    public override ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command)
    {
        var start = base.Exec(context, command);
        return start with { Environment = Environment(context) };
    }

    /// <inheritdoc />
    protected override string? User => SystemUser.FirstOf("rabbitmq", "nobody");

    /// <summary>RabbitMQ refuses a port for nodes that is taken on any address, so two runs at once cannot both have the Plan's.</summary>
    public override int LocalPort(ContainerContext context, int port) =>
        !context.OwnNetwork && port == Port(context) + DistributionOffset ? PortOf(context, Distribution) : port;

    private Dictionary<string, string> Environment(ContainerContext context)
    {
        var data = context.DataDirectory;
        var mapperPort = PortOf(context, Mapper);
        var distribution = context.OwnNetwork ? Port(context) + DistributionOffset : PortOf(context, Distribution);
        var environment = BaseEnvironment(context);
        // Set in the configuration file, which allows an address and hides the password from the process list.
        foreach (var name in new[] { "RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_USER", "RABBITMQ_NODE_PORT", "RABBITMQ_NODE_IP_ADDRESS" })
        {
            environment.Remove(name);
        }

        environment["ERL_EPMD_ADDRESS"] = context.Address.ToString();
        environment["ERL_EPMD_PORT"] = mapperPort.ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_USE_LONGNAME"] = "true";
        environment["RABBITMQ_NODENAME"] = $"rabbit@{context.Address}";
        environment["RABBITMQ_DIST_PORT"] = distribution.ToString(CultureInfo.InvariantCulture);
        // Every path that it reads or writes; one that is left out is the system's (https://www.rabbitmq.com/docs/relocate).
        foreach (var (variable, path) in _paths)
        {
            environment[variable] = Path.Combine(data, path);
        }

        environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        environment["RABBITMQ_LOG"] = "-color";
        // Without busy waiting: an idle broker must not eat the cores that the tests measure on.
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            $"-kernel inet_dist_use_interface {{{context.Address.ToString().Replace('.', ',')}}} +sbwt none +sbwtdcpu none +sbwtdio none "
                + "+S 2";
        return environment;
    }

    private static int Port(ContainerContext context) =>
        int.TryParse(context.Environment.GetValueOrDefault("RABBITMQ_NODE_PORT"), out var port)
            ? port
            : context.Container.Ports.Values.FirstOrDefault(DefaultPort);

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

    /// <summary>Takes ports anew, at a start of the server.</summary>
    private void Renew(ContainerContext context)
    {
        foreach (var name in new[] { Mapper, Distribution })
        {
            _ports[Key(context, name)] = FreePort();
        }
    }

    /// <summary>The port that was taken at the server's start.</summary>
    private int PortOf(ContainerContext context, string name) => _ports.GetOrAdd(Key(context, name), _ => FreePort());

    private static string Key(ContainerContext context, string name) => $"{context.DataDirectory}:{name}";

    /// <summary>A port that is free on every address.</summary>
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
