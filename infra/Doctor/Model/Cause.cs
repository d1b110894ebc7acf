namespace Candor.Doctor.Model;

/// <summary>One cause of a failing probe: what it needs to know, and when it concludes that it is the one.</summary>
/// <typeparam name="T">The facts that it reads.</typeparam>
internal abstract class Cause<T>
{
    /// <summary>Its stable id, such as <c>image-pull</c>.</summary>
    internal abstract string Id { get; }

    /// <summary>What it is called where it could not be looked for.</summary>
    internal abstract string Name { get; }

    /// <summary>The facts without which it concludes nothing.</summary>
    internal virtual IReadOnlyList<string> Needs => [];

    /// <summary>The findings that the facts amount to; none when this is not the cause.</summary>
    internal abstract IEnumerable<Finding> Find(T facts);
}
