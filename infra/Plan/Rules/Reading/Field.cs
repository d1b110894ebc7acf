namespace Candor.Planning.Rules;

/// <summary>A property of a resource, together with where it stands.</summary>
/// <param name="Resource">Whose it is.</param>
/// <param name="Path">Path into its inputs.</param>
/// <param name="Value">Its value, or missing.</param>
internal readonly record struct Field(PlanResource Resource, string Path, PlanValue Value)
{
    /// <summary>The field as a message names it from elsewhere.</summary>
    internal string Name => $"{Path} of {Resource.Name}";
}
