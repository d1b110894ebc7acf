namespace Candor.Planning;

/// <summary>What is shown to a person, as data: the terminal colours it, a pull request gets it as Markdown.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Sections">In reading order.</param>
public sealed record Report(string Title, IReadOnlyList<ReportSection> Sections);

/// <summary>A part of a report under its own heading.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">In reading order.</param>
public sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks)
{
    /// <summary>Whether a reader on a pull request opens it only when interested.</summary>
    public bool Folded { get; init; }
}

/// <summary>Something within a section.</summary>
public abstract record ReportBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">The sentence or sentences.</param>
/// <param name="Tone">What it means for the reader.</param>
public sealed record ReportText(string Text, Tone Tone = Tone.Plain) : ReportBlock;

/// <summary>A list of points.</summary>
/// <param name="Points">In reading order.</param>
public sealed record ReportList(IReadOnlyList<ReportCell> Points) : ReportBlock;

/// <summary>A table.</summary>
/// <param name="Caption">What it is of, or null when the section's title is enough.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
public sealed record ReportTable(string? Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<ReportCell>> Rows) : ReportBlock;

/// <summary>A tree.</summary>
/// <param name="Roots">Its topmost nodes.</param>
public sealed record ReportTree(IReadOnlyList<ReportNode> Roots) : ReportBlock;

/// <summary>A picture over time.</summary>
/// <param name="Picture">Its lanes.</param>
public sealed record ReportPicture(TimePicture Picture) : ReportBlock;

/// <summary>Details that a reader on a pull request opens only when interested; a terminal shows them below their summary.</summary>
/// <param name="Summary">What they are of, in one line.</param>
/// <param name="Blocks">In reading order.</param>
public sealed record ReportFold(IReadOnlyList<ReportCell> Summary, IReadOnlyList<ReportBlock> Blocks) : ReportBlock;

/// <summary>A node of a tree.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Detail">Further details to show at a glance, or empty.</param>
/// <param name="Children">Below it.</param>
public sealed record ReportNode(string Label, string Detail, IReadOnlyList<ReportNode> Children);

/// <summary>A piece of text with its meaning.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tone">What it means for the reader.</param>
public sealed record ReportCell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>Whether it is the name or value of a setting, written as code where there is such a style.</summary>
    public bool IsCode { get; init; }

    /// <summary>What the setting is of, written before it as plain text; null where the table says it.</summary>
    public string? Owner { get; init; }

    /// <summary>What stands where there is nothing to say.</summary>
    public static ReportCell Nothing { get; } = new("–", Tone.Muted);

    /// <summary>Plain text.</summary>
    public static implicit operator ReportCell(string text) => FromString(text);

    /// <summary>The name or value of a setting.</summary>
    public static ReportCell Code(string text, Tone tone = Tone.Plain) => new(text, tone) { IsCode = true };

    /// <summary>Plain text.</summary>
    public static ReportCell FromString(string text) => new(text);
}

/// <summary>What a text means for the reader; colour is never the only sign of it.</summary>
public enum Tone
{
    /// <summary>Nothing in particular.</summary>
    Plain,

    /// <summary>As it should be, or better than before.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Wrong.</summary>
    Bad,

    /// <summary>Less important than the rest.</summary>
    Muted,
}
