using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>
/// The request as health sees it. It stands for the server's features, and keeps the application's own context between the requests
/// of a connection, as the server would have done without us in between.
/// </summary>
internal sealed class HealthRequestContext<TContext> : IFeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    /// <summary>What the server gave.</summary>
    public IFeatureCollection Features { get; set; } = null!;

    /// <summary>The application's context, once the request was forwarded.</summary>
    public TContext? Context { get; set; }

    /// <summary>True when the request was forwarded to the application.</summary>
    public bool Forwarded { get; set; }

    public TContext? HostContext { get; set; }

    public bool IsReadOnly => Features.IsReadOnly;

    public int Revision => Features.Revision;

    public object? this[Type key]
    {
        get => Features[key];
        set => Features[key] = value;
    }

    public TFeature? Get<TFeature>() => Features.Get<TFeature>();

    public void Set<TFeature>(TFeature? instance) => Features.Set(instance);

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => Features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
