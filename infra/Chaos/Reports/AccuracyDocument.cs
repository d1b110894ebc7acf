using Candor.Planning;

namespace Candor.Chaos.Reports;

/// <summary>The result as Markdown; docs/accuracy.md is one.</summary>
internal static class AccuracyDocument
{
    public static string Write(Result result)
    {
        // A document of its own has one heading of the first level.
        var lines = MarkdownReport.Write(ChaosReport.Of(result)).Split('\n').Select(line => line.StartsWith("##", StringComparison.Ordinal) ? line[1..] : line);
        return string.Join('\n', lines);
    }
}
