using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health;

/// <summary>
/// One request on its way through. It stands for the server's features, and keeps the application's own context between the requests
/// of a connection, as the server would have done without us in between.
/// </summary>
internal sealed class Passage<TContext> : IFeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    /// <summary>What the server gave.</summary>
    public IFeatureCollection Features { get; set; } = null!;

    /// <summary>The application's context, once the request was passed on.</summary>
    public TContext? Context { get; set; }

    /// <summary>True when the request was passed on to the application.</summary>
    public bool Passed { get; set; }

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
