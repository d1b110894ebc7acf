namespace Candor.Health.Checks;

/// <summary>Tags with which an ordinary check registration gives the engine more than a name.</summary>
public static class CheckTags
{
    /// <summary>Marks a check that fails for every instance at once; without it a check is about this instance only.</summary>
    public const string Shared = "shared";
}
