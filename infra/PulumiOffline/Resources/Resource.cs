using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Something that a deployment declares.</summary>
public class Resource
{
    private readonly string type;
    private readonly string name;
    private readonly bool protect;
    private readonly ImmutableArray<ResourceTransformation> transformations;
    private readonly ImmutableDictionary<string, ProviderResource> providers;

    private protected Resource(string type, string name, bool custom, ResourceArgs args, ResourceOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);
        this.type = type;
        this.name = name;

        var deployment = Deployment.Current;
        var parent = this is Stack ? null : options.Parent ?? deployment.Stack;
        transformations = [.. options.ResourceTransformations, .. parent is null ? [] : parent.transformations];
        var outputs = OutputCompletionSource.InitializeOutputs(this);
        try
        {
            (args, options) = Transform(args, options);
        }
        catch (Exception exception)
        {
            // The run waits for every output, also of a resource that was never created.
            foreach (var output in outputs.Values)
            {
                output.TrySetException(exception);
            }
            throw;
        }

        // What was passed in belongs to the program.
        options = options.Clone();
        providers = ImmutableDictionary<string, ProviderResource>.Empty;
        if (options.Parent is { } owner)
        {
            lock (owner.Children)
            {
                owner.Children.Add(this);
            }
            options.Protect ??= owner.protect ? true : null;
            providers = owner.providers;
        }
        providers = custom ? WithOwnProvider(options) : providers.SetItems(ProvidersOf(options));
        protect = options.Protect == true;
        deployment.Register(this, args, options, outputs);
    }

    /// <summary>The name by which the engine knows the resource.</summary>
    [Output("urn")]
    public Output<string> Urn { get; private protected set; } = null!;

    internal HashSet<Resource> Children { get; } = [];

    /// <summary>The type token.</summary>
    public string GetResourceType() => type;

    /// <summary>The name given in the program.</summary>
    public string GetResourceName() => name;

    internal ProviderResource? GetProvider(string token)
        => token.Split(':') is [var package, _, _] ? providers.GetValueOrDefault(package) : null;

    private (ResourceArgs Args, ResourceOptions Options) Transform(ResourceArgs args, ResourceOptions options)
    {
        foreach (var transformation in transformations)
        {
            if (transformation(new ResourceTransformationArgs(this, args, options)) is not { } result)
            {
                continue;
            }
            if (result.Options.Parent != options.Parent)
            {
                throw new ArgumentException("Transformations cannot currently be used to change the 'parent' of a resource.");
            }
            (args, options) = (result.Args, result.Options);
        }
        return (args, options);
    }

    private ImmutableDictionary<string, ProviderResource> WithOwnProvider(ResourceOptions options)
    {
        if (options.Provider is not { } provider)
        {
            options.Provider = GetProvider(type);
            return providers;
        }
        return type.Split(':') is [var package, _, _] ? providers.SetItem(package, provider) : providers;
    }

    private static IEnumerable<KeyValuePair<string, ProviderResource>> ProvidersOf(ResourceOptions options)
    {
        var several = (options as ComponentResourceOptions)?.Providers ?? [];
        if (options.Provider is not { } provider)
        {
            return several.Select(p => KeyValuePair.Create(p.Package, p));
        }
        return several.Count == 0
            ? [KeyValuePair.Create(provider.Package, provider)]
            : throw new ResourceException("Do not supply both 'provider' and 'providers' options to a ComponentResource.", options.Parent);
    }
}
