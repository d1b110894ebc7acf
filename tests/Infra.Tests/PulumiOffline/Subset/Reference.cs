using System.Text.Json;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>The API facts of the official packages: each public type with its members.</summary>
internal static class Reference
{
    public static IReadOnlyDictionary<string, JsonElement> Types()
        => new[] { "pulumi-core.json", "pulumi-aws.json", "pulumi-aws-sources.json", "pulumi-kubernetes.json" }
            .SelectMany(TypesOf)
            .ToDictionary(type => type.GetProperty("type").GetString()!);

    private static IEnumerable<JsonElement> TypesOf(string file)
    {
        using var facts = typeof(Reference).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not embedded in the test assembly.");
        return [.. JsonDocument.Parse(facts).RootElement.EnumerateArray()];
    }
}
