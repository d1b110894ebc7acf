namespace Candor.Program.Config;

/// <summary>One mistake in the stack's configuration.</summary>
/// <param name="Key">The full key, such as <c>candor:minReplicas</c>, with a path inside it where there is one.</param>
/// <param name="Found">The value found, or null when it is missing. Never the value of a secret.</param>
/// <param name="Expected">What is allowed.</param>
/// <param name="Fix">What to do.</param>
public sealed record ConfigProblem(string Key, string? Found, string Expected, string Fix)
{
    /// <inheritdoc />
    public override string ToString() =>
        Found is null ? $"{Key} is missing: expected {Expected}. {Fix}" : $"{Key} is {Found}: expected {Expected}. {Fix}";
}
