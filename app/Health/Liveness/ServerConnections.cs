using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Candor.Health.Liveness;

/// <summary>
/// How many connections of the public port the server holds, and how many it may. The limit is the app's own
/// <see cref="KestrelServerLimits.MaxConcurrentConnections"/>, kept here instead of in the server: there it would refuse probes and the management
/// port as well, so that clients who hold connections could have the instance ejected.
/// </summary>
internal sealed class ServerConnections
{
    /// <summary>What the server's own limit is above this one: room for probes, canaries and the management port.</summary>
    public const int Headroom = 256;

    private long _open;

    /// <summary>The most connections at a time; null for no limit.</summary>
    public long? Maximum { get; private set; }

    /// <summary>Connections that the server holds now.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>True when the server must not get another one.</summary>
    public bool Full => Maximum is { } maximum && Open >= maximum;

    /// <summary>Takes over the app's limit.</summary>
    public void TakeLimit(KestrelServerLimits limits)
    {
        if (limits.MaxConcurrentConnections is { } maximum && Maximum is null)
        {
            Maximum = maximum;
            limits.MaxConcurrentConnections = maximum > long.MaxValue - Headroom ? maximum : maximum + Headroom;
        }
    }

    public void Add() => Interlocked.Increment(ref _open);

    public void Remove() => Interlocked.Decrement(ref _open);
}
