using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Management;

/// <summary>
/// Who may change something on the management port: the machine itself, and callers with the token of <c>CANDOR_MANAGEMENT_TOKEN</c> as
/// <c>Authorization: Bearer</c>. Without the variable only the machine itself may. Reading is open to everyone who reaches the port.
/// </summary>
internal sealed class ManagementToken(string? token)
{
    /// <summary>The configuration key, and environment variable, of the token.</summary>
    public const string Variable = "CANDOR_MANAGEMENT_TOKEN";

    private const string Scheme = "Bearer ";

    // Compared by hash: the comparison takes the same time whatever is sent, its length included.
    private readonly byte[]? _hash = string.IsNullOrEmpty(token) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Why a request that changes something is refused; null when it is allowed.</summary>
    public (int Status, string Json)? Refuses(IFeatureCollection features, IHttpRequestFeature request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization is not null)
        {
            return IsToken(authorization) ? null : (401, """{"error":"the token is not the one of CANDOR_MANAGEMENT_TOKEN"}""");
        }

        // A browser on this machine sends what any page makes it send, with this header.
        if (IsLoopback(features.Get<IHttpConnectionFeature>()?.RemoteIpAddress) && request.Headers.Origin.Count == 0)
        {
            return null;
        }

        return _hash is null
            ? (403, """{"error":"only allowed from the machine itself: CANDOR_MANAGEMENT_TOKEN is not set"}""")
            : (401, """{"error":"expected the header Authorization: Bearer, with the token of CANDOR_MANAGEMENT_TOKEN"}""");
    }

    private bool IsToken(string authorization) =>
        _hash is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), _hash);

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
