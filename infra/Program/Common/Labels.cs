using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.Common;

/// <summary>The labels of everything the stack deploys; the selectors are made of the same.</summary>
internal static class Labels
{
    public const string Name = "app.kubernetes.io/name";
    public const string Tier = "candor.dev/tier";

    /// <summary>Labels of an object that belongs to a service or dependency.</summary>
    public static InputMap<string> Of(string name, string tier) => new()
    {
        [Name] = name,
        ["app.kubernetes.io/part-of"] = "candor",
        ["app.kubernetes.io/managed-by"] = "pulumi",
        [Tier] = tier,
    };

    /// <summary>What selects the pods of a service or dependency, and no others.</summary>
    public static InputMap<string> Selector(string name) => new() { [Name] = name };

    /// <summary>The same as a label selector.</summary>
    public static LabelSelectorArgs Select(string name) => new() { MatchLabels = Selector(name) };

    /// <summary>Name, namespace and labels of an object.</summary>
    public static ObjectMetaArgs Meta(string name, string @namespace, string owner, string tier) => new()
    {
        Name = name,
        Namespace = @namespace,
        Labels = Of(owner, tier),
    };
}

/// <summary>What a pod is for, as the value of the label <c>candor.dev/tier</c>.</summary>
internal static class Tiers
{
    public const string Service = "service";
    public const string Dependency = "dependency";
}
