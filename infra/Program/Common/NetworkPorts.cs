using Pulumi.Kubernetes.Types.Inputs.Networking.V1;

namespace Candor.Program.Common;

/// <summary>Ports as a NetworkPolicy names them.</summary>
internal static class NetworkPorts
{
    public static NetworkPolicyPortArgs Tcp(int port) => new() { Protocol = "TCP", Port = port };

    public static NetworkPolicyPortArgs Udp(int port) => new() { Protocol = "UDP", Port = port };
}
