using System.Reflection;
using System.Text.Json;
using Pulumi;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

public class SubsetSurfaceTests
{
    // The reference leaves these out, though members that it lists are of these types or derive from them.
    private static readonly string[] NotListed =
        ["Pulumi.Kubernetes.KubernetesResource", "Pulumi.Aws.LB.Outputs.TargetGroupTargetHealthState"];

    [Fact]
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

    [Fact]
    public void Every_resource_and_lookup_of_the_reference_is_offered_whole()
    {
        var subset = typeof(Output).Assembly.GetExportedTypes().ToDictionary(TypeText.Of);
        var missing = Reference.Types()
            .Where(t => t.Key.StartsWith("Pulumi.Aws.", StringComparison.Ordinal) || t.Key.StartsWith(
                "Pulumi.Kubernetes.", StringComparison.Ordinal))
            .SelectMany(t => subset.TryGetValue(t.Key, out var type) ? Missing(type, t.Value) : [$"{t.Key} is missing"])
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    [Fact]
    public void Every_official_overload_whose_absence_makes_a_call_ambiguous_is_offered()
    {
        var official = Reference.Types();
        var ambiguous = typeof(Output).Assembly.GetExportedTypes()
            .Where(type => official.ContainsKey(TypeText.Of(type)) && !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(type => AmbiguousWhenAbsent(type, official[TypeText.Of(type)]))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(ambiguous.Count == 0, string.Join(Environment.NewLine, ambiguous));
    }

    [Theory]
    // An optional parameter more.
    [InlineData("string name, A args = null", "string name, A args = null, B extra = null", true)]
    [InlineData("string name, A args, B options = null", "string name, A args, B options = null, C extra = null", true)]
    // A null alone does not tell which is meant.
    [InlineData("A args, B options = null", "A args, C options", true)]
    // Named arguments skip the parameter that differs.
    [InlineData("string name, A args = null, C options = null", "string name, B other = null, C options = null", true)]
    // The call that compiles with the first leaves no default, so it is preferred.
    [InlineData("string name, A args", "string name, A args, B extra = null", false)]
    // Different numbers of arguments, or values that cannot be mistaken for each other.
    [InlineData("string name", "string name, A args", false)]
    [InlineData("int value", "double value", false)]
    public void An_absent_overload_makes_a_call_ambiguous_as_the_compiler_decides(string offered, string absent, bool ambiguous)
        => Assert.Equal(ambiguous, Overload.Constructor(offered).IsAmbiguousWith(Overload.Constructor(absent)));

    private static IEnumerable<string> AmbiguousWhenAbsent(Type type, JsonElement facts)
    {
        var ours = Surface.Constructors(type).Select(Overload.Constructor)
            .Concat(Surface.Methods(type).Concat(Surface.Protected(type)).Select(Overload.Member)).ToList();
        var officially = Strings(facts, "ctors").Select(Overload.Constructor)
            .Concat(Strings(facts, "methods").Concat(Strings(facts, "protected")).Select(Overload.Member));
        return officially
            .Where(theirs => !ours.Any(o => o.ToString() == theirs.ToString()))
            .Select(theirs => (Theirs: theirs, Ours: ours.Find(o => o.Name == theirs.Name && o.IsAmbiguousWith(theirs))))
            .Where(pair => pair.Ours is not null)
            .Select(pair => $"{TypeText.Of(type)} lacks {pair.Theirs}, which makes a call of {pair.Ours} ambiguous");
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
        if (type.GetCustomAttribute<ResourceTypeAttribute>()?.Type is { } token
            && token != Text(facts, "token")?.Replace("pulumi:providers:", "", StringComparison.Ordinal))
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
