namespace Candor.Planning.Rules;

/// <summary>Rules about one subject: what they are, and how a Plan is held against them.</summary>
public abstract class RuleFamily
{
    /// <summary>The subject, as a heading.</summary>
    public abstract string Title { get; }

    /// <summary>The rules, in the order of their ids.</summary>
    public abstract IReadOnlyList<Rule> Rules { get; }

    /// <summary>The constructs that its rules read, for docs/rules.md.</summary>
    public abstract string Reads { get; }

    /// <summary>Appends whatever does not hold. Unknown values are never held against a Plan.</summary>
    internal abstract void Check(LintScope scope, FindingList findings);
}
