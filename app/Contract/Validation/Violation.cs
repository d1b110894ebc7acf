namespace Candor.Contract;

/// <summary>One thing that does not hold.</summary>
/// <param name="Id">
/// Stable id: that of the lint rule for the same invariant (docs/rules.md), or <c>CTnnn</c> for the contract's own.
/// </param>
/// <param name="Path">The property it is about, as in the JSON form: <c>balancer.timeout</c>.</param>
/// <param name="Found">The value found, with its unit.</param>
/// <param name="Expected">What was expected, with the other value where two disagree.</param>
/// <param name="Why">What goes wrong otherwise, in one sentence.</param>
/// <param name="Fix">What to change.</param>
public sealed record Violation(string Id, string Path, string Found, string Expected, string Why, string Fix)
{
    /// <summary>The whole sentence for a person.</summary>
    public string Message => $"{Path} is {Found}, expected {Expected}: {Why} Fix: {Fix}";

    /// <inheritdoc />
    public override string ToString() => $"{Id} {Message}";
}
