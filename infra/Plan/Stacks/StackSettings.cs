namespace Candor.Planning;

/// <summary>The settings of one stack from the project's files, ready for the program, without real secrets.</summary>
public sealed record StackSettings
{
    /// <summary>The project's name, from <c>Pulumi.yaml</c>.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>
    /// The directory of <c>Pulumi.yaml</c>, from which the program reads the files that its config names; null to search upward from the
    /// current one.
    /// </summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>Config by full key (<c>candor:port</c>), as text; objects and lists as JSON. Secrets are tokens.</summary>
    public required IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>The keys whose values are secret, sorted.</summary>
    public required IReadOnlyList<string> SecretKeys { get; init; }

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
