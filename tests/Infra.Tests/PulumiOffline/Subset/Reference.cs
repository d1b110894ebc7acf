using System.Text.Json;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>The API facts of the official packages: each public type with its members.</summary>
internal static class Reference
{
    public static string? Directory { get; } = Find();

    public static IReadOnlyDictionary<string, JsonElement> Types()
        => new[] { "pulumi-core.json", "pulumi-aws.json", "pulumi-kubernetes.json" }
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(Path.Combine(Directory!, file))).RootElement.EnumerateArray())
            .ToDictionary(type => type.GetProperty("type").GetString()!);

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Stack.sln")))
            {
                var reference = Path.GetFullPath(Path.Combine(directory.FullName, "..", "shared", "reference"));
                return System.IO.Directory.Exists(reference) ? reference : null;
            }
        }
        return null;
    }
}
