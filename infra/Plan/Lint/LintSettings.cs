using Candor.Contract;
using Candor.Planning.Rules;

namespace Candor.Planning.Lint;

/// <summary>A waiver that does not stand in a stack's file.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Resource">URN or name of the only resource for which it holds; null for all.</param>
/// <param name="Reason">Why it is accepted.</param>
/// <param name="Place">Where it stands, for messages about the waiver itself.</param>
public sealed record LintWaiver(string Rule, string? Resource, string Reason, string Place)
{
    /// <summary>Reads <c>RULE</c> or <c>RULE@resource</c>.</summary>
    public static LintWaiver Of(string key, string reason, string place)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('@', 2);
        return new(parts[0].Trim(), parts.Length == 2 ? parts[1].Trim() : null, reason, place);
    }

    internal bool Covers(Finding finding) =>
        finding.Rule == Rule && (Resource is null || finding.Resource == Resource || finding.Resource.EndsWith("::" + Resource, StringComparison.Ordinal));
}

/// <summary>What of all that lint can say is wanted, and what fails.</summary>
public sealed record LintSettings
{
    /// <summary>Every rule, every severity; an error fails.</summary>
    public static LintSettings Default { get; } = new();

    /// <summary>Ids of rules, or what they begin with; empty for all.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>Ids of rules, or what they begin with, that are left out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Waivers beside those of the stack.</summary>
    public IReadOnlyList<LintWaiver> Waivers { get; init; } = [];

    /// <summary>The least severity that is told.</summary>
    public Severity Severity { get; init; } = Severity.Note;

    /// <summary>The least severity that fails; null when nothing does.</summary>
    public Severity? FailOn { get; init; } = Severity.Error;

    /// <summary>Whether every rule has its full weight, also in a Plan without a contract.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What is known already, and does not fail.</summary>
    public LintBaseline? Baseline { get; init; }

    /// <summary>Why a text is no rule's id, nor what some begin with; null when it is one.</summary>
    public static string? MistakeIn(string rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Length > 0 && RuleCatalogue.Rules.Any(known => known.Id.StartsWith(rule, StringComparison.Ordinal)))
        {
            return null;
        }

        var nearest = NearestName.Of(rule, RuleCatalogue.Rules.Select(known => known.Id));
        return $"'{rule}' is neither the id of a rule nor what some begin with{(nearest is null ? string.Empty : $"; the nearest is {nearest}")}.";
    }

    /// <summary>The severity of a name: <c>note</c>, <c>warning</c> or <c>error</c>; null for another.</summary>
    public static Severity? SeverityOf(string name) => name switch
    {
        "note" => Severity.Note,
        "warning" => Severity.Warning,
        "error" => Severity.Error,
        _ => null,
    };

    internal bool Takes(string rule) => (Select.Count == 0 || Any(Select, rule)) && !Any(Ignore, rule);

    private static bool Any(IReadOnlyList<string> prefixes, string rule) => prefixes.Any(prefix => rule.StartsWith(prefix, StringComparison.Ordinal));
}
