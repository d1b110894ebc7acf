using Pulumi;

namespace Candor.Program.Common;

/// <summary>Where a resource stands: which provider makes it, which component it belongs to, and what must exist before it.</summary>
/// <param name="Provider">The explicit provider; there is never an ambient one.</param>
/// <param name="Parent">The component.</param>
/// <param name="After">What every resource of the scope waits for.</param>
public sealed record Scope(ProviderResource Provider, Resource Parent, IReadOnlyList<Resource> After)
{
    /// <summary>A scope that waits for nothing.</summary>
    public Scope(ProviderResource provider, Resource parent)
        : this(provider, parent, [])
    {
    }

    /// <summary>Options of one resource.</summary>
    /// <param name="after">What it waits for beside what the scope waits for.</param>
    public CustomResourceOptions Options(params IEnumerable<Resource> after)
    {
        var options = new CustomResourceOptions { Parent = Parent, Provider = Provider };
        foreach (var resource in After.Concat(after))
        {
            options.DependsOn.Add(resource);
        }

        return options;
    }

    /// <summary>Options of a resource that must not be deleted or replaced by accident.</summary>
    public CustomResourceOptions Protected(bool protect, params IEnumerable<Resource> after)
    {
        var options = Options(after);
        options.Protect = protect;
        return options;
    }
}

/// <summary>A component of the stack. Its resources stand below it.</summary>
public abstract class StackComponent(string kind, string name, Resource? parent)
    : ComponentResource($"candor:{kind}", name, new ComponentResourceOptions { Parent = parent });

/// <summary>Makes Pulumi not wait until an object is ready, when it becomes ready only after something that waits for the object.</summary>
internal static class SkipAwait
{
    /// <summary>The annotation.</summary>
    public static InputMap<string> Annotation => new() { ["pulumi.com/skipAwait"] = "true" };
}
