using System.Globalization;
using System.Text;
using Candor.Doctor.Model;

namespace Candor.Doctor.Output;

/// <summary>A diagnosis for a terminal: at most 80 columns, no colour, as readable in a pipe.</summary>
public static class DiagnosisText
{
    /// <summary>The widest line, in characters. Commands are never broken, so that they can be copied.</summary>
    public const int Width = 80;

    private const int MaximumOthers = 8;
    private const int MaximumSymptoms = 6;
    private const int MaximumGaps = 8;

    /// <summary>Writes the diagnosis.</summary>
    public static string Write(Diagnosis diagnosis)
    {
        ArgumentNullException.ThrowIfNull(diagnosis);
        var text = new StringBuilder();
        Headline(text, diagnosis);
        if (diagnosis.Path.Count > 0)
        {
            text.Append('\n');
            Wrap(text, "  ", "    ", PathLine.Words(diagnosis.Path), " → ");
        }

        if (diagnosis.Cause is { } cause)
        {
            Details(text, cause);
        }

        Listed(text, "Also found", diagnosis.Others, MaximumOthers);
        Listed(text, "No fault", diagnosis.Notes, MaximumOthers);
        Gaps(text, diagnosis);
        if (diagnosis.Looked.Count > 0)
        {
            text.Append('\n');
            Paragraph(text, "Looked at: ", "  ", string.Join("; ", diagnosis.Looked) + ".");
        }

        return text.ToString();
    }

    private static void Headline(StringBuilder text, Diagnosis diagnosis)
    {
        var headline = diagnosis switch
        {
            { Cause: { } cause } => $"{(cause.Severity == Severity.Fault ? "✗" : "!")} {cause.Title}{Grade(cause)}",
            { ExitCode: 2 } => $"? {diagnosis.Subject}: nothing could be looked at.",
            { Notes.Count: > 0 } => $"✓ {diagnosis.Subject}: nothing is wrong; {diagnosis.Notes[0].Title}",
            _ => $"✓ {diagnosis.Subject}: nothing is wrong.",
        };
        Paragraph(text, string.Empty, "  ", headline);
    }

    private static string Grade(Finding finding) =>
        $" [{string.Join(", ", new[] { finding.Fault, finding.Severity == Severity.Warning ? "warning" : null, finding.Confidence.ToString().ToLowerInvariant() }.OfType<string>())}]";

    private static void Details(StringBuilder text, Finding cause)
    {
        if (cause.Evidence.Count > 0)
        {
            text.Append("\nEvidence\n");
            foreach (var evidence in cause.Evidence)
            {
                Paragraph(text, "  - ", "    ", Line(evidence));
            }
        }

        text.Append("\nFix\n");
        Paragraph(text, "  ", "  ", cause.Fix);
        foreach (var command in cause.Commands)
        {
            text.Append("    ").Append(command).Append('\n');
        }

        if (cause.Symptoms.Count > 0)
        {
            text.Append("\nSeen because of it\n");
            foreach (var symptom in cause.Symptoms.Take(MaximumSymptoms))
            {
                Paragraph(text, "  - ", "    ", symptom);
            }

            More(text, cause.Symptoms.Count - MaximumSymptoms);
        }
    }

    internal static string Line(Evidence evidence) =>
        $"{evidence.Value}  ({evidence.Source}"
            + $"{(evidence.At is { } at ? ", " + at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : string.Empty)})";

    private static void Listed(StringBuilder text, string title, IReadOnlyList<Finding> findings, int limit)
    {
        if (findings.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append('\n');
        foreach (var finding in findings.Take(limit))
        {
            Paragraph(text, "  - ", "    ", $"{finding.Title} {finding.Fix}");
        }

        More(text, findings.Count - limit);
    }

    private static void Gaps(StringBuilder text, Diagnosis diagnosis)
    {
        if (diagnosis.Gaps.Count == 0)
        {
            return;
        }

        text.Append("\nNot known\n");
        foreach (var gap in diagnosis.Gaps.Take(MaximumGaps))
        {
            Paragraph(text, "  - ", "    ", Line(gap));
        }

        More(text, diagnosis.Gaps.Count - MaximumGaps);
    }

    internal static string Line(Gap gap) =>
        $"{gap.Side}: {SafeText.Of(gap.Missing)}: {SafeText.Of(gap.Needed)}"
        + (gap.NotLookedFor.Count == 0 ? string.Empty : $" (not looked for: {string.Join(", ", gap.NotLookedFor)})");

    private static void More(StringBuilder text, int left)
    {
        if (left > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  … and {left} more (--json has all)\n");
        }
    }

    private static void Paragraph(StringBuilder text, string first, string rest, string words) =>
        Wrap(text, first, rest, words.Split(' ', StringSplitOptions.RemoveEmptyEntries), " ");

    /// <summary>Fills lines up to <see cref="Width"/>; a single word that is longer stays whole, so that it can be copied.</summary>
    private static void Wrap(StringBuilder text, string first, string rest, IEnumerable<string> words, string separator)
    {
        var line = new StringBuilder(first);
        var empty = true;
        foreach (var word in words)
        {
            if (!empty && line.Length + separator.Length + word.Length > Width)
            {
                text.Append(line.ToString().TrimEnd()).Append('\n');
                line.Clear().Append(rest);
                line.Append(separator.TrimStart());
                empty = true;
            }

            line.Append(empty ? string.Empty : separator).Append(word);
            empty = false;
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
