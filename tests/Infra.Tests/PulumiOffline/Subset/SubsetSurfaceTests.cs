using System.Reflection;
using System.Text.Json;
using Pulumi;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

public class SubsetSurfaceTests
{
    // The reference leaves these out, though members that it lists are of these types or derive from them.
    private static readonly string[] NotListed =
        ["Pulumi.Kubernetes.KubernetesResource", "Pulumi.Aws.LB.Outputs.TargetGroupTargetHealthState"];

    [ReferenceFact]
    public void Every_public_type_and_member_exists_officially_with_the_same_signature()
    {
        var official = Reference.Types();
        var differences = typeof(Output).Assembly.GetExportedTypes()
            .Where(type => !NotListed.Contains(TypeText.Of(type)))
            .SelectMany(type => official.TryGetValue(TypeText.Of(type), out var facts)
                ? Differences(type, facts)
                : [$"{TypeText.Of(type)} does not exist officially"])
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    [ReferenceFact]
    public void Every_resource_and_lookup_of_the_reference_is_offered_whole()
    {
        var subset = typeof(Output).Assembly.GetExportedTypes().ToDictionary(TypeText.Of);
        var missing = Reference.Types()
            .Where(t => t.Key.StartsWith("Pulumi.Aws.", StringComparison.Ordinal) || t.Key.StartsWith("Pulumi.Kubernetes.", StringComparison.Ordinal))
            .SelectMany(t => subset.TryGetValue(t.Key, out var type) ? Missing(type, t.Value) : [$"{t.Key} is missing"])
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    private static IEnumerable<string> Differences(Type type, JsonElement facts)
    {
        var name = TypeText.Of(type);
        if (Text(facts, "kind") != TypeText.Kind(type))
        {
            yield return $"{name} is a {TypeText.Kind(type)}, officially a {Text(facts, "kind")}";
        }
        if (type is { IsClass: true, BaseType: { } @base } && @base != typeof(object) && Text(facts, "base") != TypeText.Of(@base))
        {
            yield return $"{name} derives from {TypeText.Of(@base)}, officially from {Text(facts, "base")}";
        }
        if (type.GetCustomAttribute<ResourceTypeAttribute>()?.Type is { } token && token != Text(facts, "token")?.Replace("pulumi:providers:", "", StringComparison.Ordinal))
        {
            yield return $"{name} has the token {token}, officially {Text(facts, "token")}";
        }
        var members = new (string Kind, IEnumerable<string> Ours)[]
        {
            ("ctors", typeof(Delegate).IsAssignableFrom(type) ? [] : Surface.Constructors(type)),
            ("methods", typeof(Delegate).IsAssignableFrom(type) ? [] : Surface.Methods(type)),
            // Noted for the core package only.
            ("protected", type.Namespace == "Pulumi" ? Surface.Protected(type) : []),
            ("fields", Surface.Fields(type)),
        };
        foreach (var (kind, ours) in members)
        {
            foreach (var member in ours.Except(Strings(facts, kind).Select(Surface.Comparable)))
            {
                yield return $"{name}: {kind} officially lack ({member})";
            }
        }
        var officially = Properties(facts).ToDictionary(p => p.Name);
        foreach (var property in Surface.Properties(type))
        {
            if (!officially.TryGetValue(property.Name, out var same) || !property.IsSameAs(same))
            {
                yield return $"{name}: {property}, officially {same?.ToString() ?? "nothing"}";
            }
        }
    }

    private static IEnumerable<string> Missing(Type type, JsonElement facts)
        => Properties(facts).Select(p => p.Name).Except(Surface.Properties(type).Select(p => p.Name))
            .Concat(Strings(facts, "fields").Except(Surface.Fields(type)))
            .Concat(Strings(facts, "ctors").Except(Surface.Constructors(type)).Select(c => $"({c})"))
            .Select(member => $"{TypeText.Of(type)} lacks {member}");

    private static IEnumerable<Property> Properties(JsonElement facts)
        => facts.TryGetProperty("props", out var properties) ? properties.EnumerateArray().Select(Property.Of) : [];

    private static IEnumerable<string> Strings(JsonElement facts, string kind)
        => facts.TryGetProperty(kind, out var members) ? members.EnumerateArray().Select(m => m.GetString()!) : [];

    private static string? Text(JsonElement facts, string name)
        => facts.TryGetProperty(name, out var value) ? value.GetString() : null;
}
