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

    /// <summary>Resets a connection in the middle, now and then; see <see cref="LinkSetting.Share"/>.</summary>
    Resetting,

    /// <summary>
    /// Drops everything on the connections that are open now, for as long as they live, and passes new ones on: what a firewall that
    /// lost its state does.
    /// </summary>
    HalfOpen,

    /// <summary>Passes on what the pod sends, and drops every answer.</summary>
    OneWay,
}

/// <summary>What a link does, and how late or how often.</summary>
/// <param name="Mode">What it does.</param>
/// <param name="Delay">How late; for <see cref="LinkMode.Slow"/> only.</param>
/// <param name="Share">Which share of what is sent resets its connection, 0 to 1; for <see cref="LinkMode.Resetting"/> only.</param>
public sealed record LinkSetting(LinkMode Mode, TimeSpan Delay = default, double Share = 0);
