using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Cli.Verbs;

/// <summary>The options of <c>lint</c> that say what is wanted and what fails; over those of <c>.candor-lint.yaml</c>.</summary>
internal sealed class LintOptions
{
    private readonly Option<string[]> _select = Many("--select", "Only these rules: ids, or what they begin with (HC,GS001).", "RULES");
    private readonly Option<string[]> _ignore = Many("--ignore", "Leave these rules out.", "RULES");
    private readonly Option<string[]> _waive = Many("--waive", "Accept what a rule finds, in all resources or one, with a reason; again for more.", "RULE[@RESOURCE]=REASON");
    private readonly Option<string?> _severity = new("--severity") { Description = "The least severity that is told: note, warning or error.", HelpName = "SEVERITY" };
    private readonly Option<string?> _failOn = new("--fail-on") { Description = "The least severity that exits 1: note, warning, error (default) or never.", HelpName = "SEVERITY" };
    private readonly Option<string?> _config = new("--config") { Description = $"The settings file, in place of {LintSettingsFile.Name} beside what is read.", HelpName = "FILE" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "Findings that are known and do not fail.", HelpName = "FILE" };
    private readonly Option<string?> _newBaseline = new("--write-baseline") { Description = "Write what is found as a baseline, and exit 0.", HelpName = "FILE" };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { _select, _ignore, _waive, _severity, _failOn, _config, _baseline, _newBaseline })
        {
            command.Add(option);
        }
    }

    internal string? NewBaseline(ParseResult parsed) => parsed.GetValue(_newBaseline);

    /// <summary>The settings for what is named.</summary>
    /// <exception cref="UsageException">An option says what lint does not know.</exception>
    internal LintSettings Settings(ParseResult parsed, string name)
    {
        var settings = parsed.GetValue(_config) is { } config ? LintSettingsFile.Read(Existing(config))
            : LintSource.IsStack(name) ? LintSettings.Default
            : LintSource.SettingsBeside(name);
        settings = settings with
        {
            Select = parsed.GetValue(_select) is { Length: > 0 } select ? Rules(select) : settings.Select,
            Ignore = [.. settings.Ignore, .. Rules(parsed.GetValue(_ignore) ?? [])],
            Waivers = [.. settings.Waivers, .. (parsed.GetValue(_waive) ?? []).Select(Waiver)],
        };
        if (parsed.GetValue(_severity) is { } severity)
        {
            settings = settings with { Severity = Level("--severity", severity, "note, warning or error") };
        }

        if (parsed.GetValue(_failOn) is { } failOn)
        {
            settings = settings with { FailOn = failOn == "never" ? null : Level("--fail-on", failOn, "note, warning, error or never") };
        }

        return parsed.GetValue(_baseline) is { } baseline ? settings with { Baseline = LintBaseline.Read(Existing(baseline)) } : settings;
    }

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static string Existing(string path) => File.Exists(path) ? path : throw new UsageException($"There is no file {path}.");

    private static Severity Level(string option, string text, string expected) =>
        LintSettings.SeverityOf(text) ?? throw new UsageException($"{option} is '{text}', expected {expected}.");

    private static string[] Rules(string[] texts)
    {
        string[] rules = [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        return rules.Select(LintSettings.MistakeIn).FirstOrDefault(mistake => mistake is not null) is { } mistake ? throw new UsageException(mistake) : rules;
    }

    private static LintWaiver Waiver(string text)
    {
        var parts = text.Split('=', 2);
        return parts is [var key, var reason] && reason.Trim().Length > 0
            ? LintWaiver.Of(key, reason.Trim(), $"--waive {key}")
            : throw new UsageException($"--waive is '{text}', expected RULE=REASON or RULE@RESOURCE=REASON.");
    }
}
