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

    /// <summary>
    /// Every property that it is about, where one edit mends several; empty where <see cref="Property"/> is the only one. Then
    /// <see cref="Property"/> is what they have in common.
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The value or name found. Never a secret.</summary>
    public required string Found { get; init; }

    /// <summary>What was expected, with the value or name it disagrees with and where that stands.</summary>
    public required string Expected { get; init; }

    /// <summary>What goes wrong otherwise, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>The finding in one line, without why and fix.</summary>
    public string Summary => Fields.Count > 0
        ? $"{(Property.Length == 0 ? string.Empty : $"{Property}: ")}{Found}, expected {Expected}"
        : Property.Length == 0 ? $"{Found}, expected {Expected}"
        : Found.StartsWith("no ", StringComparison.Ordinal) || Found.StartsWith("nothing ", StringComparison.Ordinal) ? $"{Property}: {Found}, expected {Expected}"
        : $"{Property} is {Found}, expected {Expected}";
}
