using System.Text.Json.Serialization;

namespace Candor.Local;

/// <summary>What the network between a pod and a Service does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkMode>))]
public enum LinkMode
{
    /// <summary>Passes everything on.</summary>
    Open,

    /// <summary>Drops everything, on open connections too; nothing is refused.</summary>
    Silent,

    /// <summary>Refuses new connections and resets open ones.</summary>
    Refused,

    /// <summary>Passes everything on, late.</summary>
    Slow,
}

/// <summary>What a link does, and how late when it is slow.</summary>
/// <param name="Mode">What it does.</param>
/// <param name="Delay">How late; for <see cref="LinkMode.Slow"/> only.</param>
public sealed record LinkSetting(LinkMode Mode, TimeSpan Delay = default);
