using System.Globalization;
using System.Security;
using System.Text;

namespace Candor.Planning;

/// <summary>
/// Pictures over time as one SVG image. Readable on light and on dark ground: its colours keep their contrast on both, and text
/// follows the reader's scheme where the viewer tells it.
/// </summary>
public static class TimePictureSvg
{
    private const int Width = 760;
    private const int LabelWidth = 190;
    private const int TimesWidth = 110;
    private const int LaneHeight = 24;
    private const int TitleHeight = 34;
    private const int AxisHeight = 34;

    // Middle greys and saturated middle tones: at least 3:1 against white and against GitHub's dark ground.
    private const string Style = """
        <style>
          text { font: 12px system-ui, sans-serif; fill: #59636e }
          .title { font-weight: 600; font-size: 13px }
          .axis { stroke: #848d97; stroke-width: 1 }
          .waiting { fill: #848d97; fill-opacity: .35 }
          .window { fill: #bf8700 }
          .active { fill: #1f83f2 }
          .limit { fill: #e5534b }
          @media (prefers-color-scheme: dark) { text { fill: #b6bec7 } }
        </style>
        """;

    /// <summary>The image; pictures stand below each other, each with its own axis.</summary>
    public static string Draw(IReadOnlyList<TimePicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var body = new StringBuilder();
        var top = 0;
        foreach (var picture in pictures)
        {
            top = DrawPicture(body, picture, top);
        }

        var titles = SecurityElement.Escape(string.Join(". ", pictures.Select(picture => picture.Title)));
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {top}" width="{Width}" height="{top}" role="img" aria-label="{titles}">
            {Style}
            {body.ToString().TrimEnd()}
            </svg>

            """.ReplaceLineEndings("\n");
    }

    private static int DrawPicture(StringBuilder body, TimePicture picture, int top)
    {
        Text(body, 0, top + 22, picture.Title, "title");
        var y = top + TitleHeight;
        foreach (var lane in picture.Lanes)
        {
            Text(body, 0, y + 16, lane.Label, null);
            foreach (var bar in lane.Bars.Where(bar => bar.To > bar.From || bar.Kind == TimeBarKind.Limit))
            {
                DrawBar(body, bar, picture.End, y);
            }

            Text(body, Width - TimesWidth + 8, y + 16, lane.Times, null);
            y += LaneHeight;
        }

        DrawAxis(body, picture.End, y);
        return y + AxisHeight;
    }

    private static void DrawBar(StringBuilder body, TimeBar bar, TimeSpan end, int y)
    {
        var from = X(bar.From, end);
        var width = Math.Max(2, X(bar.To, end) - from);
        var title = $"{bar.Kind switch { TimeBarKind.Limit => "at", _ => "from" }} {TimeAxis.Label(bar.From)}"
            + (bar.To > bar.From ? $" to {TimeAxis.Label(bar.To)}" : string.Empty) + $": {TimePictureText.Meaning(bar.Kind)}";
        body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{Class(bar.Kind)}\" x=\"{from:0.#}\" y=\"{y + 4}\" width=\"{width:0.#}\" height=\"{LaneHeight - 8}\" rx=\"2\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{SecurityElement.Escape(title)}</title></rect>\n");
    }

    private static void DrawAxis(StringBuilder body, TimeSpan end, int y)
    {
        body.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{LabelWidth}\" y1=\"{y + 2}\" x2=\"{Width - TimesWidth}\" y2=\"{y + 2}\"/>\n");
        foreach (var mark in TimeAxis.Marks(end, 8))
        {
            var x = X(mark, end);
            body.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{x:0.#}\" y1=\"{y + 2}\" x2=\"{x:0.#}\" y2=\"{y + 7}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y + 20}\" text-anchor=\"middle\">{TimeAxis.Label(mark)}</text>\n");
        }
    }

    private static double X(TimeSpan time, TimeSpan end) => LabelWidth + (time / end * (Width - LabelWidth - TimesWidth));

    private static string Class(TimeBarKind kind) => kind switch
    {
        TimeBarKind.Waiting => "waiting",
        TimeBarKind.Window => "window",
        TimeBarKind.Active => "active",
        _ => "limit",
    };

    private static void Text(StringBuilder body, int x, int y, string text, string? kind)
    {
        var style = kind is null ? string.Empty : $" class=\"{kind}\"";
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\"{style}>{SecurityElement.Escape(text)}</text>\n");
    }
}
