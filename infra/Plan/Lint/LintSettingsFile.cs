using YamlDotNet.RepresentationModel;

namespace Candor.Planning.Lint;

/// <summary>
/// Settings of lint beside the files that it reads (<c>.candor-lint.yaml</c>): <c>select</c>, <c>ignore</c>, <c>waive</c>,
/// <c>severity</c>, <c>fail-on</c> and <c>baseline</c>. A stack of the project has its waivers in its own file.
/// </summary>
public static class LintSettingsFile
{
    /// <summary>What it is called.</summary>
    public const string Name = ".candor-lint.yaml";

    private static readonly string[] Keys = ["select", "ignore", "waive", "severity", "fail-on", "baseline"];

    /// <summary>Reads the file, and the baseline that it names, by a path from its own folder.</summary>
    /// <exception cref="StackFileException">It cannot be read, or says what lint does not know.</exception>
    public static LintSettings Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = YamlFile.Read(path);
        file.RequireKnown(file.Root, Name, Keys);
        var entries = file.Entries(file.Root, Name).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var settings = LintSettings.Default;
        if (entries.TryGetValue("select", out var select))
        {
            settings = settings with { Select = Rules(file, select) };
        }

        if (entries.TryGetValue("ignore", out var ignore))
        {
            settings = settings with { Ignore = Rules(file, ignore) };
        }

        if (entries.TryGetValue("waive", out var waive))
        {
            settings = settings with
            {
                Waivers = [.. file.Entries(waive, "waive").Select(entry => LintWaiver.Of(entry.Key, Text(file, entry.Value), $"{Name} waive.{entry.Key}"))],
            };
        }

        if (entries.TryGetValue("severity", out var severity))
        {
            settings = settings with
            {
                Severity = LintSettings.SeverityOf(Text(file, severity)) ?? throw file.At(severity, $"severity is \"{Text(file, severity)}\", expected note, warning or error."),
            };
        }

        if (entries.TryGetValue("fail-on", out var failOn))
        {
            var text = Text(file, failOn);
            settings = settings with
            {
                FailOn = text == "never"
                    ? null
                    : LintSettings.SeverityOf(text) ?? throw file.At(failOn, $"fail-on is \"{text}\", expected note, warning, error or never."),
            };
        }

        return entries.TryGetValue("baseline", out var baseline)
            ? settings with { Baseline = LintBaseline.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Text(file, baseline))) }
            : settings;
    }

    private static IReadOnlyList<string> Rules(YamlFile file, YamlNode node)
    {
        var items = node is YamlSequenceNode list ? list.Children.ToList() : [node];
        foreach (var item in items)
        {
            if (LintSettings.MistakeIn(Text(file, item)) is { } mistake)
            {
                throw file.At(item, mistake);
            }
        }

        return [.. items.Select(item => Text(file, item))];
    }

    private static string Text(YamlFile file, YamlNode node) =>
        node is YamlScalarNode { Value: { } text } ? text : throw file.At(node, $"a {YamlFile.Kind(node)}, expected a text.");
}
