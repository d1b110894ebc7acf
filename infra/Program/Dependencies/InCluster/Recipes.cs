using System.Globalization;
using Candor.Contract;
using Candor.Program.Config;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>How PostgreSQL, Redis and RabbitMQ are run from their official images.</summary>
internal static class Recipes
{
    /// <summary>RabbitMQ listens for other nodes at its AMQP port plus this, from when its virtual machine is up.</summary>
    private const int DistributionOffset = 20000;

    private const string SecretFolder = "/etc/redis";
    private const string RedisFile = "password.conf";

    public static Recipe Of(Dependency dependency, StackConfig config)
    {
        var part = config.Dependencies.InCluster[dependency.Kind];
        return dependency.Kind switch
        {
            DependencyKind.Postgres => Postgres(part, dependency.DialledPort(), config.DatabaseName, config.DatabaseMaximum),
            DependencyKind.Redis => Redis(part, dependency.DialledPort()),
            DependencyKind.RabbitMq => RabbitMq(part, dependency.DialledPort(), config.DatabaseName),
            _ => throw new ArgumentOutOfRangeException(nameof(dependency), dependency.Kind, "The stack creates none of this kind."),
        };
    }

    private static Recipe Postgres(InClusterPart part, int port, string user, int connections) => new()
    {
        Image = part.Image,
        Storage = part.Storage,
        User = 999,
        DataPath = "/var/lib/postgresql/data",
        Arguments = ["postgres", "-p", Text(port), "-c", $"max_connections={Text(connections)}"],
        Environment = new Dictionary<string, string>
        {
            ["POSTGRES_DB"] = user,
            ["POSTGRES_USER"] = user,
            // A directory below the mount: initdb refuses the mount point itself, which holds lost+found.
            ["PGDATA"] = "/var/lib/postgresql/data/pgdata",
            ["PGPORT"] = Text(port),
        },
        PasswordVariables = ["POSTGRES_PASSWORD"],
        ScratchPaths = ["/tmp", "/var/run/postgresql"],
        Readiness = () => Run("pg_isready", "-h", "127.0.0.1", "-p", Text(port), "-U", user, "-d", user),
        Liveness = () => Run("pg_ctl", "status", "-D", "/var/lib/postgresql/data/pgdata"),
        Memory = "512Mi",
        Cpu = "250m",
    };

    private static Recipe Redis(InClusterPart part, int port) => new()
    {
        Image = part.Image,
        Storage = part.Storage,
        User = 999,
        DataPath = "/data",
        // The password is in a file: arguments are shown to everybody who may look at processes.
        Arguments = ["redis-server", $"{SecretFolder}/{RedisFile}", "--port", Text(port), "--appendonly", "yes"],
        SecretFile = new(RedisFile, SecretFolder, password => $"requirepass \"{Quoted(password)}\"\n"),
        PasswordVariables = ["REDISCLI_AUTH"],
        Readiness = () => Run("sh", "-c", $"redis-cli -p {Text(port)} ping | grep -q PONG"),
        Liveness = () => Connect(port),
        Memory = "256Mi",
        Cpu = "100m",
    };

    private static Recipe RabbitMq(InClusterPart part, int port, string user) => new()
    {
        Image = part.Image,
        Storage = part.Storage,
        User = 999,
        DataPath = "/var/lib/rabbitmq",
        Environment = new Dictionary<string, string>
        {
            ["RABBITMQ_DEFAULT_USER"] = user,
            ["RABBITMQ_NODE_PORT"] = Text(port),
            // RabbitMQ keeps its database under the node's name; this one does not change with the pod's.
            ["RABBITMQ_NODENAME"] = "rabbit@localhost",
        },
        PasswordVariables = ["RABBITMQ_DEFAULT_PASS"],
        FurtherPorts = new Dictionary<string, int> { ["distribution"] = port + DistributionOffset },
        // Not /etc/rabbitmq/conf.d: the image's own files there send the log to the console and switch the collector of metrics off.
        // Nothing is written there; RabbitMQ reads RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS by itself.
        ScratchPaths = ["/tmp", "/var/log/rabbitmq"],
        // Asking rabbitmq-diagnostics starts an Erlang VM each time; the ports say the same for nothing.
        Readiness = () => Connect(port),
        Liveness = () => Connect(port + DistributionOffset),
        Memory = "1Gi",
        Cpu = "250m",
    };

    // As redis.conf reads a text in double quotes.
    private static string Quoted(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static ProbeArgs Run(params string[] command) => new() { Exec = new ExecActionArgs { Command = command } };

    private static ProbeArgs Connect(int port) => new() { TcpSocket = new TCPSocketActionArgs { Port = port } };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
