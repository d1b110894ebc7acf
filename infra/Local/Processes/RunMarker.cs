namespace Candor.Local;

/// <summary>The variable that marks every process of a run, including those that left their session.</summary>
internal static class RunMarker
{
    public const string Variable = "CANDOR_RUN";
}
