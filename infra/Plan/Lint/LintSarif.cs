using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>
/// What lint found as SARIF 2.1.0 (<see href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">specification</see>),
/// which editors and code scanning read.
/// </summary>
public static class LintSarif
{
    private const string Documentation = "docs/rules.md";

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The text, ending in a line feed.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="file">
    /// The file that findings are shown in, relative to the repository: the stack's file or the plan's. A resource of a Plan stands
    /// on no line of source code, so each finding names it as its logical location.
    /// </param>
    public static string Write(LintResult result, string file)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(file);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            writer.WriteString("version", "2.1.0");
            writer.WriteStartArray("runs");
            WriteRun(writer, result, file.Replace('\\', '/'));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteRun(Utf8JsonWriter writer, LintResult result, string file)
    {
        Rule[] rules = [.. RuleCatalogue.Rules, Waivers.Sound];
        writer.WriteStartObject();
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "candor lint");
        writer.WriteString("semanticVersion", typeof(LintSarif).Assembly.GetName().Version!.ToString(3));
        writer.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            WriteRule(writer, rule);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("columnKind", "utf16CodeUnits");
        writer.WriteStartArray("results");
        var index = rules.Select((rule, i) => (rule.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
        foreach (var (finding, reason) in result.Findings.Select(
            finding => (finding, (string?)null)).Concat(result.Waived.Select(waived => (waived.Finding, (string?)waived.Reason))))
        {
            WriteResult(writer, finding, reason, index[finding.Rule], file);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter writer, Rule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("id", rule.Id);
        WriteText(writer, "shortDescription", Sentence(rule.Holds));
        WriteText(writer, "fullDescription", $"{Sentence(rule.Holds)} {rule.Why}");
        WriteText(writer, "help", $"{rule.Fix} See {Documentation}.");
        writer.WriteStartObject("defaultConfiguration");
        writer.WriteString("level", Level(rule.Severity));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, Finding finding, string? reason, int index, string file)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleId", finding.Rule);
        writer.WriteNumber("ruleIndex", index);
        writer.WriteString("level", Level(finding.Severity));
        WriteText(
            writer,
            "message",
            $"{(finding.Resource.Length == 0 ? string.Empty : finding.Resource + ": ")}{finding.Summary}. {finding.Why} {finding.Fix}");
        writer.WriteStartArray("locations");
        writer.WriteStartObject();
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal));
        writer.WriteEndObject();
        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", 1);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("logicalLocations");
        writer.WriteStartObject();
        writer.WriteString(
            "fullyQualifiedName", finding.Property.Length == 0 ? finding.Resource : $"{finding.Resource}.{finding.Property}");
        writer.WriteString("kind", "resource");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("partialFingerprints");
        writer.WriteString("candorFinding/v1", Fingerprint(finding));
        writer.WriteEndObject();
        if (reason is not null)
        {
            writer.WriteStartArray("suppressions");
            writer.WriteStartObject();
            writer.WriteString("kind", "external");
            writer.WriteString("justification", reason);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    // The same finding has the same fingerprint whatever the numbers are, so that a dismissed one stays dismissed.
    private static string Fingerprint(Finding finding) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{finding.Rule}\n{finding.Resource}\n{finding.Property}")))[..32];

    private static string Level(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Sentence(string clause) => $"{char.ToUpperInvariant(clause[0])}{clause[1..]}.";
}
