using Candor.Planning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Candor.Cli.Rendering;

/// <summary>A picture over time in a terminal; the same characters as in plain text, with colour where there is any.</summary>
internal static class TerminalPicture
{
    internal static IRenderable Render(TimePicture picture)
    {
        var lines = TimePictureText.Lines(picture);
        return new Padder(new Rows(lines.Select(Line)), new Padding(1, 0, 0, 1));
    }

    private static Paragraph Line(string line, int number)
    {
        var paragraph = new Paragraph();
        if (number == 0)
        {
            return paragraph.Append(line, new Style(decoration: Decoration.Bold));
        }

        foreach (var run in Runs(line))
        {
            paragraph.Append(run, Style(run[0]));
        }

        return paragraph;
    }

    private static IEnumerable<string> Runs(string line)
    {
        var start = 0;
        for (var at = 1; at <= line.Length; at++)
        {
            if (at == line.Length || Style(line[at]) != Style(line[start]))
            {
                yield return line[start..at];
                start = at;
            }
        }
    }

    private static Style Style(char character) => new(character switch
    {
        '·' => Color.Grey,
        '▒' => Color.Yellow,
        '█' => Color.Blue,
        '┃' => Color.Red,
        _ => null,
    });
}
