namespace Candor.Health;

/// <summary>
/// Endpoint metadata: requests of this endpoint may take as long as they like (long polling, event streams, large uploads). They are not
/// judged by their duration, never count as stuck, and their uploads have no deadline of ours. Their errors count as everyone's.
/// </summary>
/// <remarks>
/// Not needed for SignalR's hubs, WebSockets, gRPC methods that stream, requests that accept <c>text/event-stream</c> only, answers
/// whose first byte was
/// sent, and endpoints with <c>DisableRequestTimeout</c>. In a trimmed app a gRPC method that sends nothing for long needs it.
/// </remarks>
/// <example><c>app.MapGet("/events", StreamAsync).WithMetadata(new LongRunningAttribute());</c></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongRunningAttribute : Attribute;
