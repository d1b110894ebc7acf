namespace Pulumi;

/// <summary>Environment variables from which provider settings take their defaults.</summary>
internal static class ProviderEnvironment
{
    /// <summary>The first that is set.</summary>
    public static string? Text(params string[] names)
        => names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => value is not null);

    /// <summary>The first that is set and says true or false.</summary>
    public static bool? Flag(params string[] names) => Text(names) switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
