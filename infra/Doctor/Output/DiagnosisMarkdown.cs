using System.Globalization;
using System.Text;
using Candor.Doctor.Model;
using Candor.Planning;

namespace Candor.Doctor.Output;

/// <summary>
/// A diagnosis as Markdown for an incident channel: the cause on top, everything else folded. Nothing in it can mention a person.
/// </summary>
public static class DiagnosisMarkdown
{
    private const int Limit = 20;

    /// <summary>Writes the diagnosis.</summary>
    public static string Write(Diagnosis diagnosis)
    {
        ArgumentNullException.ThrowIfNull(diagnosis);
        var text = new StringBuilder();
        var subject = MarkdownText.Inline(diagnosis.Subject);
        if (diagnosis.Cause is { } cause)
        {
            var sign = cause.Severity == Severity.Fault ? "❌" : "⚠️";
            var grade = string.Join(", ", new[] { cause.Fault, cause.Confidence.ToString().ToLowerInvariant() }.OfType<string>());
            text.Append(CultureInfo.InvariantCulture,
                $"### {sign} {MarkdownText.Inline(cause.Title)}\n\n{subject}, {Time(diagnosis.At)} ({grade})\n");
            Path(text, diagnosis);
            Bullets(text, "**Evidence**", cause.Evidence.Select(DiagnosisText.Line));
            text.Append("\n**Fix**: ").Append(MarkdownText.Inline(cause.Fix)).Append('\n');
            if (cause.Commands.Count > 0)
            {
                text.Append('\n').Append(MarkdownText.Fenced(cause.Commands));
            }

            Folded(text, "Seen because of it", cause.Symptoms);
        }
        else
        {
            var verdict = diagnosis.ExitCode == 2 ? "❔ nothing could be looked at" : "✅ nothing is wrong";
            text.Append(CultureInfo.InvariantCulture, $"### {verdict}\n\n{subject}, {Time(diagnosis.At)}\n");
            Path(text, diagnosis);
        }

        Folded(text, "Also found", diagnosis.Others.Select(finding => $"{finding.Title} {finding.Fix}"));
        Folded(text, "No fault", diagnosis.Notes.Select(finding => finding.Title));
        Folded(text, "Not known", diagnosis.Gaps.Select(DiagnosisText.Line));
        Folded(text, "Looked at", diagnosis.Looked);
        return text.ToString();
    }

    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Path(StringBuilder text, Diagnosis diagnosis)
    {
        if (diagnosis.Path.Count > 0)
        {
            text.Append('\n').AppendJoin(" → ", PathLine.Words(diagnosis.Path).Select(MarkdownText.Inline)).Append('\n');
        }
    }

    private static void Bullets(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            text.Append('\n').Append(title).Append("\n\n")
                .AppendJoin('\n', all.Take(Limit).Select(line => "- " + MarkdownText.Inline(line)));
            text.Append('\n').Append(MarkdownText.LeftOut(all.Count, Limit, "line"));
        }
    }

    private static void Folded(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>{title} ({all.Count})</summary>\n\n");
            text.AppendJoin('\n', all.Take(Limit).Select(line => "- " + MarkdownText.Inline(line)));
            text.Append('\n').Append(MarkdownText.LeftOut(all.Count, Limit, "line")).Append("\n</details>\n");
        }
    }
}
