namespace Candor.Contract;

/// <summary>Between which two times something happens.</summary>
/// <param name="Best">The soonest; never above <paramref name="Worst"/>.</param>
/// <param name="Worst">The latest.</param>
public readonly record struct TimeWindow(TimeSpan Best, TimeSpan Worst)
{
    /// <summary>Both divided by a speed, see <see cref="Speed"/>.</summary>
    public TimeWindow Scale(double speed) => new(Best.Scale(speed), Worst.Scale(speed));

    /// <summary><c>20s–35s</c>.</summary>
    public override string ToString() =>
        Best == Worst ? DurationText.Format(Best) : $"{DurationText.Format(Best)}–{DurationText.Format(Worst)}";
}
