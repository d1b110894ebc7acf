using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Candor.Health.Watchdog;

/// <summary>
/// Which endpoints answer requests that may take as long as they like: those marked so for us or for ASP.NET Core's own timeouts, those
/// that answer
/// with server-sent events, hubs, and gRPC methods that stream.
/// </summary>
internal static class LongRunning
{
    /// <summary>The type of server-sent events, of which the first may be long in coming.</summary>
    public const string Events = "text/event-stream";

    // Known by name: SignalR must not be loaded into every app, nor gRPC be a dependency, for the sake of a look at an endpoint.
    private const string Hub = "Microsoft.AspNetCore.SignalR.HubMetadata";
    private const string GrpcMethod = "Grpc.AspNetCore.Server.GrpcMethodMetadata";
    private const string Unary = "Unary";

    private static readonly ConditionalWeakTable<Endpoint, object> Known = [];
    private static readonly object Yes = new();
    private static readonly object No = new();

    /// <summary>True when its requests may take as long as they like.</summary>
    public static bool Is(Endpoint? endpoint) =>
        endpoint is not null && Known.GetValue(endpoint, static one => Find(one) ? Yes : No) == Yes;

    private static bool Find(Endpoint endpoint) => endpoint.Metadata.Any(item =>
        item is LongRunningAttribute or DisableRequestTimeoutAttribute
        || (item is IProducesResponseTypeMetadata produces && produces.ContentTypes.Contains(Events, StringComparer.OrdinalIgnoreCase))
        || item.GetType().FullName is Hub
        || IsStream(item));

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "Where the property was trimmed away the method is taken for a unary one, and LongRunningAttribute says otherwise.")]
    private static bool IsStream(object metadata) =>
        metadata.GetType() is { FullName: GrpcMethod } type
        && type.GetProperty("Method")?.GetValue(metadata) is { } method
        && method.GetType().GetProperty("Type")?.GetValue(method)?.ToString() is not (null or Unary);
}
