using System.Collections.Immutable;
using System.Text.Json;

namespace Candor.Planning;

/// <summary>What a project's files say for one stack, ready for the program: no real secret is in it.</summary>
public sealed record StackSettings
{
    /// <summary>The project's name, from <c>Pulumi.yaml</c>.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>Config by full key (<c>candor:port</c>), as text; objects and lists as JSON. Secrets are tokens.</summary>
    public required IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>The keys whose values are secret, sorted.</summary>
    public required IReadOnlyList<string> SecretKeys { get; init; }

    /// <summary>What the stack is for (<c>candor:environment</c>), or null where it does not say.</summary>
    public string? Environment => Config.GetValueOrDefault("candor:environment");

    /// <summary>The lint rules that the stack waives (<c>candor:waive</c>), rule id to reason; what is no text counts as no reason.</summary>
    public IReadOnlyDictionary<string, string> Waivers
    {
        get
        {
            using var document = JsonDocument.Parse(Config.GetValueOrDefault("candor:waive") is { Length: > 0 } text ? text : "{}");
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().ToImmutableSortedDictionary(
                    waiver => waiver.Name,
                    waiver => waiver.Value.ValueKind == JsonValueKind.String ? waiver.Value.GetString()! : string.Empty,
                    StringComparer.Ordinal)
                : ImmutableSortedDictionary<string, string>.Empty;
        }
    }

    /// <summary>The same with a token for each of the given keys.</summary>
    public StackSettings WithSecrets(IEnumerable<string> keys)
    {
        var config = new SortedDictionary<string, string>(Config.ToDictionary(), StringComparer.Ordinal);
        var secrets = SecretKeys.ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            config[key] = SecretToken.Of(key);
            secrets.Add(key);
        }

        return this with { Config = config, SecretKeys = [.. secrets.Order(StringComparer.Ordinal)] };
    }
}
