namespace Candor.Program.Common;

/// <summary>Durations as cloud and Kubernetes fields carry them.</summary>
internal static class Seconds
{
    /// <summary>
    /// Whole seconds; the contract's validation allows no others where a field carries them, and a derived time rounds up.
    /// </summary>
    public static int WholeSeconds(this TimeSpan duration) => (int)Math.Ceiling(duration.TotalSeconds);
}
