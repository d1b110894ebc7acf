namespace Candor.Planning;

/// <summary>Bars over a common time axis that begins at zero.</summary>
/// <param name="Title">What it shows, and what happens at zero.</param>
/// <param name="Lanes">From top to bottom.</param>
public sealed record TimePicture(string Title, IReadOnlyList<TimeLane> Lanes)
{
    /// <summary>Where the axis ends: the latest time of any lane, at least a second.</summary>
    public TimeSpan End => Lanes.SelectMany(lane => lane.Bars).Select(bar => bar.To).Append(TimeSpan.FromSeconds(1)).Max();
}

/// <summary>One line of a picture.</summary>
/// <param name="Label">What it is about.</param>
/// <param name="Times">Its times in words, as <c>20s–35s</c>.</param>
/// <param name="Bars">In order of time, not overlapping.</param>
public sealed record TimeLane(string Label, string Times, IReadOnlyList<TimeBar> Bars);

/// <summary>A stretch of time.</summary>
/// <param name="From">Its start.</param>
/// <param name="To">Its end; equal to the start for a moment.</param>
/// <param name="Kind">What it says.</param>
public sealed record TimeBar(TimeSpan From, TimeSpan To, TimeBarKind Kind);

/// <summary>What a stretch of time says.</summary>
public enum TimeBarKind
{
    /// <summary>It has not happened yet, for certain.</summary>
    Waiting,

    /// <summary>It happens somewhere in here.</summary>
    Window,

    /// <summary>It goes on for certain.</summary>
    Active,

    /// <summary>A limit at which something is cut off.</summary>
    Limit,
}
