namespace Candor.Planning.Rules;

/// <summary>One thing in a Plan that a rule does not accept.</summary>
public sealed record Finding
{
    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>How much it weighs.</summary>
    public required Severity Severity { get; init; }

    /// <summary><see cref="PlanResource.Urn"/> of the resource, or empty for the stack itself.</summary>
    public required string Resource { get; init; }

    /// <summary>The property, as a path into the resource's inputs: <c>healthCheck.timeout</c>; empty for the resource as a whole.</summary>
    public required string Property { get; init; }

    /// <summary>The value or name found. Never a secret.</summary>
    public required string Found { get; init; }

    /// <summary>What was expected, with the value or name it disagrees with and where that stands.</summary>
    public required string Expected { get; init; }

    /// <summary>What goes wrong otherwise, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>The finding in one line, without why and fix.</summary>
    public string Summary => Property.Length == 0 ? $"{Found}, expected {Expected}" : $"{Property} is {Found}, expected {Expected}";
}
