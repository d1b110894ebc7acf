using System.Globalization;

namespace Candor.Contract;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
public static class DurationText
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>The canonical text: the largest unit that divides it evenly. What is finer than a millisecond is rounded away.</summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = (long)Math.Round(duration.TotalMilliseconds);
        if (milliseconds == 0)
        {
            return "0s";
        }

        var ticks = milliseconds * TimeSpan.TicksPerMillisecond;
        var (unit, size) = Units.Last(u => ticks % u.Ticks == 0);
        return (ticks / size).ToString(CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>Reads a number, decimals allowed, followed at once by a unit. Negative durations and bare numbers are not read.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null)
        {
            return false;
        }

        var digits = text.AsSpan().TrimEnd("mshMSH");
        var unit = text.AsSpan(digits.Length);
        foreach (var (name, ticks) in Units)
        {
            if (unit.SequenceEqual(name)
                && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / ticks / 2)
            {
                duration = TimeSpan.FromTicks((long)(number * ticks));
                return true;
            }
        }

        return false;
    }
}
