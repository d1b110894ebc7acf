namespace Candor.Testing.Privileges;

/// <summary>A test that needs root, for network and mount namespaces are root's to make.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Says why it is skipped, where it is.</summary>
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "needs root";
        }
    }
}
