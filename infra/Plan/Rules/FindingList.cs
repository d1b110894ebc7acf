using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>Collects findings: a rule appends and goes on, so that a user sees every mistake at once.</summary>
/// <param name="hasContract">Whether the Plan has a contract; without one, some rules weigh less.</param>
public sealed class FindingList(bool hasContract = true)
{
    private readonly List<Finding> _found = [];
    private readonly HashSet<Finding> _seen = [];

    /// <summary>Whether a contract says which numbers must be kept.</summary>
    public bool HasContract => hasContract;

    /// <summary>Everything found so far.</summary>
    public IReadOnlyList<Finding> Found => _found;

    /// <summary>
    /// Appends what a rule found, once: two routes to the same pod find the same thing in it. Nothing is held against a resource that
    /// the program only reads: the program that declares it is the place to change it.
    /// </summary>
    /// <param name="rule">Whose finding it is.</param>
    /// <param name="resource">The resource, or null for the stack.</param>
    /// <param name="property">Path into its inputs, or empty.</param>
    /// <param name="found">The value found; never a secret.</param>
    /// <param name="expected">What was expected, and where the other value stands.</param>
    /// <param name="fix">What to change, where it is more precise than the rule's own.</param>
    /// <param name="severity">Where it differs from the rule's.</param>
    /// <param name="why">Where it is more precise than the rule's own.</param>
    public void Add(Rule rule, PlanResource? resource, string property, string found, string expected, string? fix = null, Severity? severity = null, string? why = null)
    {
        ArgumentNullException.ThrowIfNull(rule);

        // What a stack reads, or a component that is nothing of its own, is decided elsewhere.
        if (resource is { IsExternal: true })
        {
            return;
        }

        var finding = new Finding
        {
            Rule = rule.Id,
            Severity = severity ?? (hasContract ? rule.Severity : rule.WithoutContract ?? rule.Severity),
            Resource = resource?.Urn ?? string.Empty,
            Property = property,
            Found = found,
            Expected = expected,
            Why = why ?? rule.Why,
            Fix = fix ?? rule.Fix,
        };
        if (_seen.Add(finding))
        {
            _found.Add(finding);
        }
    }

    /// <summary>Appends a broken invariant of the contract's arithmetic, when it is broken.</summary>
    public void Add(Rule rule, PlanResource? resource, string property, Violation? violation)
    {
        if (violation is not null)
        {
            Add(rule, resource, property, violation.Found, violation.Expected, violation.Fix, why: violation.Why);
        }
    }
}
