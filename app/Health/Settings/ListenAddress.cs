using System.Net;
using System.Net.Sockets;

namespace Candor.Health.Settings;

/// <summary>The address that both ports are bound to: every one, or loopback on a developer's machine, unless CANDOR_BIND is set.</summary>
/// <param name="Address">The address.</param>
internal sealed record ListenAddress(IPAddress Address)
{
    /// <summary>The environment variable that names one address to bind.</summary>
    public const string Variable = "CANDOR_BIND";

    /// <summary>The host part of a URL by which the process reaches itself.</summary>
    public string Reachable => Address.Equals(IPAddress.IPv6Any) || Address.Equals(IPAddress.Any) ? "127.0.0.1"
        : Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString();

    /// <summary>Reads the variable's value.</summary>
    /// <param name="text">The value; empty when it is not set.</param>
    /// <param name="onlyThisMachine">Whether an app without the variable is reached from this machine only.</param>
    /// <exception cref="InvalidSettingException">It is not an address.</exception>
    public static ListenAddress Parse(string? text, bool onlyThisMachine)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new(onlyThisMachine ? IPAddress.Loopback : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        }

        return IPAddress.TryParse(text, out var address)
            ? new(address)
            : throw new InvalidSettingException(Variable, $"\"{text}\"", "an IP address such as 0.0.0.0 or 127.0.0.1", "Unset it to listen on every address.");
    }
}
