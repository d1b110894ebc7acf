using System.Collections.Immutable;
using System.Text.Json;

namespace Pulumi;

/// <summary>The stack's configuration as the engine hands it over: in the process's environment.</summary>
internal static class DeploymentConfig
{
    public static ImmutableDictionary<string, string> Read()
    {
        if (Environment.GetEnvironmentVariable("PULUMI_CONFIG") is not { } json)
        {
            return ImmutableDictionary<string, string>.Empty;
        }
        using var document = JsonDocument.Parse(json);
        var config = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            config[CleanKey(property.Name)] = property.Value.ToString();
        }
        return config.ToImmutable();
    }

    // Old language hosts write `project:config:key`.
    private static string CleanKey(string key)
        => key.Split(':', 3) is [var name, "config", var rest] ? $"{name}:{rest}" : key;
}
