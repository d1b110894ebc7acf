using System.Text;

namespace Candor.Planning;

/// <summary>A picture over time as lines of text of equal scale; needs no colour.</summary>
public static class TimePictureText
{
    /// <summary>Characters that the axis takes.</summary>
    private const int Width = 48;

    /// <summary>The lines: the title, one per lane, the axis with its marks, and what the characters mean.</summary>
    public static IReadOnlyList<string> Lines(TimePicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var labels = picture.Lanes.Select(lane => lane.Label.Length).DefaultIfEmpty(0).Max();
        var lines = new List<string> { picture.Title };
        lines.AddRange(picture.Lanes.Select(lane => $"{lane.Label.PadRight(labels)} {Bars(lane, picture.End)} {lane.Times}".TrimEnd()));
        lines.Add(new string(' ', labels + 1) + Axis(picture.End));
        lines.Add(Legend(picture));
        return lines;
    }

    private static string Bars(TimeLane lane, TimeSpan end)
    {
        var cells = new string(' ', Width + 1).ToCharArray();
        foreach (var bar in lane.Bars)
        {
            var from = Column(bar.From, end);
            // Something short is still seen.
            var to = Math.Max(Column(bar.To, end), bar.To > bar.From || bar.Kind == TimeBarKind.Limit ? from + 1 : from);
            Array.Fill(cells, Character(bar.Kind), from, Math.Max(0, to - from));
        }

        return new(cells);
    }

    // A plan of anybody's may hold negative numbers; lint says so, the picture only stays within its frame.
    private static int Column(TimeSpan time, TimeSpan end) => (int)Math.Clamp(Math.Round(time / end * Width), 0, Width);

    private static char Character(TimeBarKind kind) => kind switch
    {
        TimeBarKind.Waiting => '·',
        TimeBarKind.Window => '▒',
        TimeBarKind.Active => '█',
        _ => '┃',
    };

    private static string Axis(TimeSpan end)
    {
        var axis = new StringBuilder();
        foreach (var mark in TimeAxis.Marks(end, 6))
        {
            var column = Column(mark, end);
            if (column >= axis.Length)
            {
                axis.Append(' ', column - axis.Length).Append('╵').Append(TimeAxis.Label(mark)).Append(' ');
            }
        }

        return axis.ToString().TrimEnd();
    }

    private static string Legend(TimePicture picture)
    {
        var kinds = picture.Lanes.SelectMany(lane => lane.Bars).Select(bar => bar.Kind).Distinct().Order();
        return string.Join("   ", kinds.Select(kind => $"{Character(kind)} {Meaning(kind)}"));
    }

    /// <summary>What a kind of bar says, in words.</summary>
    internal static string Meaning(TimeBarKind kind) => kind switch
    {
        TimeBarKind.Waiting => "not yet",
        TimeBarKind.Window => "somewhere in here",
        TimeBarKind.Active => "goes on",
        _ => "cut off",
    };
}
