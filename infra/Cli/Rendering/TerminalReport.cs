using Candor.Cli.Terminal;
using Candor.Planning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Candor.Cli.Rendering;

/// <summary>A report in a terminal: coloured where there is colour, and as readable without.</summary>
public static class TerminalReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(IAnsiConsole console, Report report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        console.Write(new Text(Plain(report.Title) + "\n", new Style(decoration: Decoration.Bold)));
        foreach (var section in report.Sections)
        {
            console.WriteLine();
            console.Write(new Text(Plain(section.Title) + "\n", new Style(decoration: Decoration.Bold | Decoration.Underline)));
            foreach (var block in section.Blocks)
            {
                console.Write(Render(block));
            }
        }
    }

    private static IRenderable Render(ReportBlock block) => block switch
    {
        ReportText text => new Rows(Cell(new(text.Text, text.Tone))),
        ReportList list => new Rows(list.Points.Select(point => new Padder(Cell(point), new Padding(2, 0, 0, 0)))),
        ReportTable table => Table(table),
        ReportTree tree => new Rows(TreeText.Lines(tree).Select(line => new Text(Plain(line)))),
        ReportPicture picture => TerminalPicture.Render(picture.Picture),
        ReportFold fold => new Rows([Cell(new(string.Join(' ', fold.Summary.Select(cell => cell.Text)), fold.Summary.Count > 0 ? fold.Summary[0].Tone : Tone.Plain)), .. fold.Blocks.Select(inner => new Padder(Render(inner), new Padding(2, 0, 0, 0)))]),
        _ => throw new ArgumentException($"A {block.GetType().Name} cannot be shown.", nameof(block)),
    };

    private static Table Table(ReportTable table)
    {
        var result = new Table { Border = TableBorder.Simple };
        if (table.Caption is { } caption)
        {
            result.Title = new(Markup.Escape(Plain(caption)), new Style(decoration: Decoration.Bold));
        }

        foreach (var column in table.Columns)
        {
            result.AddColumn(new TableColumn(Markup.Escape(Plain(column))));
        }

        foreach (var row in table.Rows)
        {
            result.AddRow(row.Select(Cell));
        }

        return result;
    }

    private static Text Cell(ReportCell cell) => new(Sign(cell.Tone) + (cell.Owner is { } owner ? $"{Plain(owner)}: " : string.Empty) + Plain(cell.Text), Style(cell.Tone));

    // Colour is never the only sign.
    private static string Sign(Tone tone) => tone switch
    {
        Tone.Bad => "✗ ",
        Tone.Warning => "! ",
        _ => string.Empty,
    };

    private static Style Style(Tone tone) => new(tone switch
    {
        Tone.Good => Color.Green,
        Tone.Warning => Color.Yellow,
        Tone.Bad => Color.Red,
        Tone.Muted => Color.Grey,
        _ => null,
    });

    // Before it is measured: the columns of a table would be too narrow for what the console makes of it.
    private static string Plain(string text) => Neutral.Line(text);
}
