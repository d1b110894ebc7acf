namespace Candor.Contract;

/// <summary>Collects violations, with the checks that every part of the contract needs.</summary>
internal sealed class ViolationList
{
    /// <summary>Longer than any of these durations is a slip of the unit, and would overflow arithmetic later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly List<Violation> _found = [];

    internal IReadOnlyList<Violation> Found => _found;

    internal void Add(Violation? violation)
    {
        if (violation is not null)
        {
            _found.Add(violation);
        }
    }

    /// <summary>CT004: Kubernetes and AWS carry it in whole seconds.</summary>
    internal void WholeSeconds(string path, TimeSpan value, TimeSpan minimum)
    {
        if (value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            Add(new(
                "CT004",
                path,
                $"{value.TotalSeconds:0.#######}s",
                $"whole seconds, such as {Math.Ceiling(value.TotalSeconds):0}s",
                "Kubernetes and AWS accept whole seconds only.",
                $"Round {path}."));
        }

        Duration(path, value, minimum);
    }

    /// <summary>CT005: positive where it must be, within range, and whole milliseconds, or its text would be another number.</summary>
    internal void Duration(string path, TimeSpan value, TimeSpan minimum)
    {
        if (value < minimum || value > Longest)
        {
            Add(new(
                "CT005",
                path,
                $"{value.TotalSeconds:0.#######}s",
                $"from {DurationText.Format(minimum)} to {DurationText.Format(Longest)}",
                "It is out of range.",
                $"Choose {path} from {DurationText.Format(minimum)} to {DurationText.Format(Longest)}."));
        }
        else if (value.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            Add(new(
                "CT005",
                path,
                $"{value.TotalMilliseconds:0.####}ms",
                $"whole milliseconds, such as {Math.Ceiling(value.TotalMilliseconds):0}ms",
                "Its written form would be a different number.",
                $"Round {path}."));
        }
    }

    /// <summary>CT005: a count that must be at least one.</summary>
    internal void AtLeastOne(string path, int value)
    {
        if (value < 1)
        {
            Add(new("CT005", path, $"{value}", "at least 1", "It is a count.", $"Set {path} to 1 or more."));
        }
    }

    /// <summary>CT005: a share above 0, at most <paramref name="maximum"/>.</summary>
    internal void Share(string path, double value, double maximum)
    {
        if (!(value > 0) || !(value <= maximum))
        {
            Add(new(
                "CT005",
                path,
                $"{value:0.###}",
                $"above 0, at most {maximum:0.###}",
                "It is a share.",
                $"Choose {path} above 0 and at most {maximum:0.###}."));
        }
    }
}
