namespace Candor.Infra.Tests.Typings;

/// <summary>Where the official npm packages keep the class of a resource.</summary>
/// <param name="Path">The module, such as <c>@pulumi/aws/lb/targetGroup</c>.</param>
/// <param name="Class">The class in it.</param>
/// <param name="IsCustomObject">Whether it is a Kubernetes object whose kind the package does not know.</param>
internal sealed record NpmModule(string Path, string Class, bool IsCustomObject = false)
{
    private const string Custom = "apiextensions/customResource";

    // What a cluster knows without any CustomResourceDefinition, as Pulumi names the groups.
    private static readonly HashSet<string> BuiltInGroups = new(StringComparer.Ordinal)
    {
        "admissionregistration.k8s.io", "apiextensions.k8s.io", "apps", "autoscaling", "batch", "certificates.k8s.io",
        "coordination.k8s.io",
        "core", "discovery.k8s.io", "events.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
        "scheduling.k8s.io", "storage.k8s.io",
    };

    /// <summary>The module of a type token, or null for a token that no package has a class for.</summary>
    internal static NpmModule? Of(string type) => type.Split(':') switch
    {
        ["pulumi", "providers", var package] => new($"@pulumi/{package}/provider", "Provider"),
        ["kubernetes", var groupVersion, var kind] => OfKubernetes(groupVersion, kind),
        ["pulumi", "pulumi", "StackReference"] => new("@pulumi/pulumi", "StackReference"),
        ["aws", var module, var name] => new($"@pulumi/aws/{module}", name),
        _ => null,
    };

    private static NpmModule OfKubernetes(string groupVersion, string kind)
    {
        var parts = groupVersion.Split('/');
        return parts is [var group, var version] && BuiltInGroups.Contains(group)
            ? new($"@pulumi/kubernetes/{group.Split('.')[0]}/{version}/{char.ToLowerInvariant(kind[0])}{kind[1..]}", kind)
            : new($"@pulumi/kubernetes/{Custom}", "CustomResource", IsCustomObject: true);
    }
}
