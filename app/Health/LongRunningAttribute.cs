namespace Candor.Health;

/// <summary>
/// Endpoint metadata: requests of this endpoint may take as long as they like (long polling, event streams, large uploads). They are not
/// judged by their duration, never count as stuck, and their uploads have no deadline of ours. Their errors count as everyone's.
/// </summary>
/// <example><c>app.MapGet("/events", StreamAsync).WithMetadata(new LongRunningAttribute());</c></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongRunningAttribute : Attribute;
