using System.Reflection;
using System.Text.Json;
using Pulumi;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>A public property with what the wire knows of it.</summary>
internal sealed record Property(
    string Name, string Type, bool IsStatic, bool IsReadOnly, string? Wire, string? Direction, bool Required, bool Json)
{
    public static Property Of(Type owner, PropertyInfo property)
    {
        // Lists and maps carry the attribute on the field behind them.
        var field = owner.GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
            .FirstOrDefault(f => string.Equals(f.Name, $"_{property.Name}", StringComparison.OrdinalIgnoreCase));
        var attributes = property.GetCustomAttributesData().Concat(field?.GetCustomAttributesData() ?? []).ToList();
        var input = attributes.FirstOrDefault(a => a.AttributeType == typeof(InputAttribute))?.ConstructorArguments;
        var output = attributes.FirstOrDefault(a => a.AttributeType == typeof(OutputAttribute))?.ConstructorArguments;
        return new Property(
            property.Name,
            TypeText.Of(property.PropertyType),
            property.GetAccessors(nonPublic: true)[0].IsStatic,
            property.SetMethod is not { IsPublic: true },
            (string?)(input ?? output)?[0].Value,
            input is not null ? "input" : output is not null ? "output" : null,
            (bool?)input?[1].Value ?? false,
            (bool?)input?[2].Value ?? false);
    }

    public static Property Of(JsonElement official) => new(
        official.GetProperty("name").GetString()!,
        official.GetProperty("type").GetString()!,
        Flag(official, "static"),
        Flag(official, "get"),
        Text(official, "wire"),
        Text(official, "dir"),
        Flag(official, "required"),
        Flag(official, "json"));

    // The reference notes "get" only where a property has no setter at all.
    public bool IsSameAs(Property official)
        => this with { IsReadOnly = false } == official with { IsReadOnly = false }
            && (Direction == "output" || IsReadOnly == official.IsReadOnly || IsStatic);

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.GetBoolean();

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
