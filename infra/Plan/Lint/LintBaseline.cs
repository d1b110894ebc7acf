using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>
/// Findings that are known already: they are counted and do not fail. A finding is known when the baseline names its rule, its resource
/// and every field that it is about, so that one field mended keeps it known and one field more makes it new.
/// </summary>
public sealed class LintBaseline
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly HashSet<(string Rule, string Resource, string Field)> _known;

    private LintBaseline(HashSet<(string, string, string)> known) => _known = known;

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="StackFileException">It cannot be read, or is something else.</exception>
    public static LintBaseline Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StackFileException($"The baseline {path} cannot be read: {exception.Message}");
        }
        catch (JsonException exception)
        {
            throw new StackFileException($"The baseline {path} cannot be used: {exception.Message} Write it anew with --write-baseline.");
        }
    }

    /// <summary>Reads the text.</summary>
    /// <exception cref="JsonException">It is no baseline.</exception>
    public static LintBaseline Parse(string text)
    {
        var root = PlanValue.Parse(text);
        if (root["findings"].Kind != JsonValueKind.Array)
        {
            throw new JsonException("It has no list findings.");
        }

        return new([.. root["findings"].Items.SelectMany(entry => entry["fields"].Items
            .Select(field => (entry["rule"].Text ?? string.Empty, entry["resource"].Text ?? string.Empty, field.Text ?? string.Empty)))]);
    }

    /// <summary>The findings as a baseline, ending in a line feed.</summary>
    public static string Write(LintResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("findings");
            foreach (var finding in result.Findings.Concat(result.Known))
            {
                writer.WriteStartObject();
                writer.WriteString("rule", finding.Rule);
                writer.WriteString("resource", finding.Resource);
                writer.WriteStartArray("fields");
                foreach (var field in FieldsOf(finding))
                {
                    writer.WriteStringValue(field);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    internal bool Knows(Finding finding) => FieldsOf(finding).All(field => _known.Contains((finding.Rule, finding.Resource, field)));

    private static IReadOnlyList<string> FieldsOf(Finding finding) => finding.Fields.Count > 0 ? finding.Fields : [finding.Property];
}
