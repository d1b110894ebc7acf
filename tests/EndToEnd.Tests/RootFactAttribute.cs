namespace Candor.EndToEnd.Tests;

/// <summary>A test that needs root, for network namespaces are root's to make.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "needs root";
        }
    }
}
