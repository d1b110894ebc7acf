using Candor.Contract;

namespace Candor.Planning;

/// <summary>Round steps for an axis of time.</summary>
internal static class TimeAxis
{
    private static readonly int[] Steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];

    /// <summary>The marks from zero up to the end, at most <paramref name="most"/> of them beside zero, each a round number of seconds or more.</summary>
    internal static IReadOnlyList<TimeSpan> Marks(TimeSpan end, int most)
    {
        var step = Steps.Select(seconds => TimeSpan.FromSeconds(seconds)).FirstOrDefault(step => end / step <= most);
        if (step == TimeSpan.Zero)
        {
            return [TimeSpan.Zero];
        }

        return [.. Enumerable.Range(0, (int)(end / step) + 1).Select(number => step * number)];
    }

    /// <summary>The mark's label.</summary>
    internal static string Label(TimeSpan mark) => DurationText.Format(mark);
}
