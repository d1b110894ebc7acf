using System.Collections.Frozen;

namespace Candor.Planning.Rules;

/// <summary>Ports of servers that speak no HTTP and keep data or connections of their own (<see href="https://www.iana.org/assignments/service-names-port-numbers">IANA</see>).</summary>
internal static class KnownPorts
{
    private static readonly FrozenDictionary<int, string> Servers = new Dictionary<int, string>
    {
        [22] = "SSH",
        [25] = "SMTP",
        [1433] = "SQL Server",
        [1883] = "MQTT",
        [3306] = "MySQL",
        [5432] = "PostgreSQL",
        [5671] = "AMQP",
        [5672] = "AMQP",
        [6379] = "Redis",
        [9092] = "Kafka",
        [11211] = "memcached",
        [27017] = "MongoDB",
    }.ToFrozenDictionary();

    /// <summary>The server of a port, or null.</summary>
    internal static string? ServerOf(int port) => Servers.GetValueOrDefault(port);

    /// <summary>Whether the container is such a server, which is not made safer by a second replica or by waiting before it stops.</summary>
    internal static bool IsServer(Container container) => container.Ports.Any(port => port["containerPort"].Whole() is { } number && Servers.ContainsKey(number));
}
