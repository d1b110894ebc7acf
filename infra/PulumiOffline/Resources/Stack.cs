using System.Reflection;

namespace Pulumi;

/// <summary>The root of a deployment; derive from it and declare the resources in the constructor.</summary>
public class Stack : ComponentResource
{
    internal const string RootType = "pulumi:pulumi:Stack";

    /// <summary>Begins the stack.</summary>
    public Stack(StackOptions? options = null)
        : base(
            RootType,
            $"{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}",
            options is null ? null : new ComponentResourceOptions { ResourceTransformations = options.ResourceTransformations })
        => Deployment.Current.Stack = this;

    /// <summary>Every [Output] property of the derived class becomes a stack output; all must have been assigned.</summary>
    internal void RegisterPropertyOutputs()
    {
        var outputs = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.Name != nameof(Urn))
            .Select(p => (Property: p, Attribute: p.GetCustomAttribute<OutputAttribute>()))
            .Where(p => p.Attribute is not null)
            .Select(p => KeyValuePair.Create(p.Attribute!.Name ?? p.Property.Name, p.Property.GetValue(this)))
            .ToList();
        var unassigned = outputs.Where(o => o.Value is null).Select(o => o.Key).ToList();
        if (unassigned.Count > 0)
        {
            throw new RunException(
                $"Output(s) '{string.Join(", ", unassigned)}' have no value assigned. " +
                "[Output] attributed properties must be assigned inside Stack constructor.");
        }
        var wrong = outputs.Where(o => o.Value is not IOutput).Select(o => o.Key).ToList();
        if (wrong.Count > 0)
        {
            throw RunException.OutputsHaveIncorrectType(wrong);
        }
        RegisterOutputs(outputs.ToDictionary());
    }
}

/// <summary>Settings of the stack as a whole.</summary>
public class StackOptions
{
    /// <summary>Applied to every resource of the stack, in order, after the resource's own and its parents'.</summary>
    public List<ResourceTransformation> ResourceTransformations { get; set; } = [];
}
