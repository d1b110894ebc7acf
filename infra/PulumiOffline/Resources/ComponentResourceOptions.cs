namespace Pulumi;

/// <summary>Options of a component.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    /// <summary>The providers that children use, at most one a package.</summary>
    public List<ProviderResource> Providers { get => field ??= []; set; }

    /// <summary>Both options in one new object; where both set a single value, the second wins, and lists are joined.</summary>
    public static ComponentResourceOptions Merge(ComponentResourceOptions? options1, ComponentResourceOptions? options2)
    {
        var merged = (ComponentResourceOptions?)options1?.Clone() ?? new ComponentResourceOptions();
        Include(merged);
        if (options2 is not null)
        {
            merged.Add(options2);
            merged.Providers.AddRange(options2.Providers);
            Include(merged);
        }
        return merged;
    }

    internal override ResourceOptions Clone()
        => CopyTo(new ComponentResourceOptions { Providers = [.. Providers] });

    // One provider is a list of one: a component may have either, not both.
    private static void Include(ComponentResourceOptions options)
    {
        if (options.Provider is { } provider)
        {
            options.Providers.Add(provider);
            options.Provider = null;
        }
    }
}
