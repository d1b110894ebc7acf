namespace Pulumi;

/// <summary>A resource that a provider creates, updates and deletes.</summary>
public class CustomResource : Resource
{
    /// <summary>Declares a resource of the type under a name that is unique for that type.</summary>
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : base(type, name, custom: true, args ?? ResourceArgs.Empty, options ?? new CustomResourceOptions())
    {
    }

    /// <summary>Declares a resource of a parameterized package, which a run with mocks does not register.</summary>
    public CustomResource(
        string type,
        string name,
        ResourceArgs? args,
        CustomResourceOptions? options = null,
        RegisterPackageRequest? registerPackageRequest = null)
        : this(type, name, args, options)
    {
    }

    /// <summary>The provider's own name for the resource.</summary>
    [Output("id")]
    public Output<string> Id { get; private protected set; } = null!;
}
