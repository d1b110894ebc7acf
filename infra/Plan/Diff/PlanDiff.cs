namespace Candor.Planning;

/// <summary>What is different between two Plans of a stack.</summary>
public sealed record PlanDiff
{
    /// <summary>What was.</summary>
    public required Plan Base { get; init; }

    /// <summary>What will be.</summary>
    public required Plan Head { get; init; }

    /// <summary>Resources that only the head has.</summary>
    public required IReadOnlyList<PlanResource> Added { get; init; }

    /// <summary>Resources that only the base has.</summary>
    public required IReadOnlyList<PlanResource> Removed { get; init; }

    /// <summary>Resources that both have, but not the same.</summary>
    public required IReadOnlyList<ResourceChange> Changed { get; init; }

    /// <summary>Stack outputs that differ, as <see cref="FieldChange"/>s named by output.</summary>
    public required IReadOnlyList<FieldChange> Outputs { get; init; }

    /// <summary>Whether nothing is different.</summary>
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count + Outputs.Count == 0;

    /// <summary>Compares two Plans. Resources are the same when type and name are.</summary>
    public static PlanDiff Of(Plan before, Plan after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new()
        {
            Base = before,
            Head = after,
            Added = [.. after.Resources.Where(resource => before.Index.Find(resource.Urn) is null)],
            Removed = [.. before.Resources.Where(resource => after.Index.Find(resource.Urn) is null)],
            Changed =
            [
                .. before.Resources
                    .Select(resource => ResourceChange.Between(resource, after.Index.Find(resource.Urn)))
                    .OfType<ResourceChange>(),
            ],
            Outputs = [.. ValueDiff.Between(before.Outputs, after.Outputs)],
        };
    }
}

/// <summary>How one resource changes.</summary>
/// <param name="Before">What was.</param>
/// <param name="After">What will be.</param>
/// <param name="Fields">The fields that differ; options of the resource are named in brackets, as <c>[protect]</c>.</param>
public sealed record ResourceChange(PlanResource Before, PlanResource After, IReadOnlyList<FieldChange> Fields)
{
    /// <summary>Whether the resource is deleted and made anew, because a field changes that cannot change in place.</summary>
    public bool Replaced => Fields.Any(change => change.ForcesReplacement);

    /// <summary>The change, or null when there is none or no resource after.</summary>
    internal static ResourceChange? Between(PlanResource before, PlanResource? after)
    {
        if (after is null)
        {
            return null;
        }

        var fields = ValueDiff.Between(before.Inputs, after.Inputs)
            .Select(field => field with { ForcesReplacement = ReplacementFields.Forces(before.Type, field.Path) })
            .Concat(OptionDiff.Between(before, after))
            .ToList();
        return fields.Count == 0 ? null : new(before, after, fields);
    }
}

/// <summary>How one field changes.</summary>
/// <param name="Path">Where it is, as <c>healthCheck.interval</c>; elements of lists by name where they have one, else by number.</param>
/// <param name="Before">What was; missing when it was not set.</param>
/// <param name="After">What will be; missing when it will not be set.</param>
public sealed record FieldChange(string Path, PlanValue Before, PlanValue After)
{
    /// <summary>Whether the resource has to be replaced for it.</summary>
    public bool ForcesReplacement { get; init; }
}
