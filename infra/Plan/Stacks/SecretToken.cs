namespace Candor.Planning;

/// <summary>What stands in a Plan for a secret. The local target uses the token as its development password.</summary>
public static class SecretToken
{
    /// <summary>A secret whose config key is not known.</summary>
    public const string Unnamed = "[secret]";

    /// <summary>
    /// The token of a config key, such as <c>[secret:candor:databasePassword]</c>, or of a place within a structured one, such as
    /// <c>[secret:candor:services[0].secretEnv.JWT_KEY]</c>.
    /// </summary>
    public static string Of(string configKey) => $"[secret:{configKey}]";
}
