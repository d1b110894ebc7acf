using Pulumi;

namespace Candor.Program.Common;

/// <summary>Tells Pulumi not to wait until an object works, where that is only so after something that waits for the object.</summary>
internal static class SkipAwait
{
    /// <summary>The annotation.</summary>
    public static InputMap<string> Annotation => new() { ["pulumi.com/skipAwait"] = "true" };
}
