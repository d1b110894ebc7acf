using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>
/// What lint found, for programs:
/// <c>{project, stack, resources, judged, typesNotRead, errors, warnings, notes, unreadable, findings: [...], known: [...], waived: [...]}</c>.
/// </summary>
public static class LintJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The text, ending in a line feed.</summary>
    public static string Write(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("project", result.Project);
            writer.WriteString("stack", result.Stack);
            writer.WriteNumber("resources", result.Resources);
            writer.WriteNumber("judged", result.Judged);
            writer.WriteStartArray("typesNotRead");
            foreach (var type in result.TypesNotRead)
            {
                writer.WriteStringValue(type);
            }

            writer.WriteEndArray();
            writer.WriteNumber("errors", result.Errors);
            writer.WriteNumber("warnings", result.Warnings);
            writer.WriteNumber("notes", result.Notes);
            writer.WriteStartArray("unreadable");
            foreach (var clause in result.Unreadable)
            {
                writer.WriteStringValue(clause);
            }

            writer.WriteEndArray();
            WriteList(writer, "findings", result.Findings, finding => (finding, null));
            WriteList(writer, "known", result.Known, finding => (finding, null));
            WriteList(writer, "waived", result.Waived, waived => (waived.Finding, waived.Reason));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteList<T>(
        Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Func<T, (Finding Finding, string? Reason)> read)
    {
        writer.WriteStartArray(name);
        foreach (var (finding, reason) in items.Select(read))
        {
            writer.WriteStartObject();
            writer.WriteString("rule", finding.Rule);
            writer.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            writer.WriteString("resource", finding.Resource);
            writer.WriteString("property", finding.Property);
            if (finding.Fields.Count > 0)
            {
                writer.WriteStartArray("fields");
                foreach (var field in finding.Fields)
                {
                    writer.WriteStringValue(field);
                }

                writer.WriteEndArray();
            }

            writer.WriteString("found", finding.Found);
            writer.WriteString("expected", finding.Expected);
            writer.WriteString("why", finding.Why);
            writer.WriteString("fix", finding.Fix);
            if (reason is not null)
            {
                writer.WriteString("reason", reason);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
