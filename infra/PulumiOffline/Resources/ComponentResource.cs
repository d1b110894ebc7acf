using System.Reflection;

namespace Pulumi;

/// <summary>A resource that groups others and has no provider of its own.</summary>
public class ComponentResource : Resource
{
    /// <summary>Declares a component of the type under a name that is unique for that type.</summary>
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : this(type, name, ResourceArgs.Empty, options)
    {
    }

    /// <summary>Declares a component with arguments of its own.</summary>
    public ComponentResource(
        string type, string name, ResourceArgs? args, ComponentResourceOptions? options = null, bool remote = false)
        : base(type, name, custom: false, args ?? ResourceArgs.Empty, options ?? new ComponentResourceOptions())
    {
        if (remote)
        {
            throw new NotSupportedException(Deployment.NeedsOfficialPackages("Remote components"));
        }
    }

    /// <summary>Declares that the component has all its children; its [Output] properties are its outputs.</summary>
    protected void RegisterOutputs()
        => RegisterOutputs(GetType().GetProperties()
            .Where(p => p.Name != nameof(Urn))
            .Select(p => (Property: p, Attribute: p.GetCustomAttribute<OutputAttribute>(inherit: false)))
            .Where(p => p.Attribute is not null)
            .ToDictionary(p => p.Attribute!.Name ?? p.Property.Name, p => p.Property.GetValue(this)));

    /// <summary>Declares that the component has all its children.</summary>
    protected void RegisterOutputs(IDictionary<string, object?> outputs)
        => RegisterOutputs(Output.Create(outputs ?? throw new ArgumentNullException(nameof(outputs))));

    /// <summary>Declares that the component has all its children.</summary>
    protected void RegisterOutputs(Task<IDictionary<string, object?>> outputs)
        => RegisterOutputs(Output.Create(outputs ?? throw new ArgumentNullException(nameof(outputs))));

    /// <summary>Declares that the component has all its children.</summary>
    protected void RegisterOutputs(Output<IDictionary<string, object?>> outputs)
        => Deployment.Current.RegisterOutputs(this, outputs ?? throw new ArgumentNullException(nameof(outputs)));
}
