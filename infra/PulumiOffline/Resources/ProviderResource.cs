namespace Pulumi;

/// <summary>A configured provider that resources can name in their options.</summary>
public class ProviderResource : CustomResource
{
    /// <summary>Declares a provider of the package.</summary>
    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null)
        : base($"pulumi:providers:{package}", name, args, options)
        => Package = package;

    /// <summary>Declares a provider of a parameterized package, which a run with mocks does not register.</summary>
    public ProviderResource(
        string package,
        string name,
        ResourceArgs args,
        CustomResourceOptions? options = null,
        RegisterPackageRequest? registerPackageRequest = null)
        : this(package, name, args, options)
    {
    }

    internal string Package { get; }

    /// <summary>How a resource names its provider to the engine.</summary>
    internal static async Task<string> ReferenceAsync(ProviderResource? provider)
    {
        if (provider is null)
        {
            return "";
        }
        var urn = await provider.Urn.GetValueAsync(whenUnknown: "").ConfigureAwait(false);
        var id = await provider.Id.GetValueAsync(whenUnknown: "").ConfigureAwait(false);
        return $"{urn}::{(string.IsNullOrEmpty(id) ? Serialization.Unknown.Sentinel : id)}";
    }
}
