namespace Candor.Program.Config;

/// <summary>The stack's configuration is wrong. Carries every problem at once, so that they can be mended at once.</summary>
public sealed class StackConfigException : Exception
{
    /// <summary>For serialisers and analyzers; use the constructor with problems.</summary>
    public StackConfigException()
        : this([])
    {
    }

    /// <summary>An exception with a message of its own.</summary>
    public StackConfigException(string message)
        : base(message) => Problems = [];

    /// <summary>An exception with a message of its own and a cause.</summary>
    public StackConfigException(string message, Exception innerException)
        : base(message, innerException) => Problems = [];

    /// <summary>The problems found.</summary>
    public StackConfigException(IReadOnlyList<ConfigProblem> problems)
        : base(Describe(problems)) => Problems = problems;

    /// <summary>Every problem, in the order of the keys.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    private static string Describe(IReadOnlyList<ConfigProblem> problems) =>
        $"The stack's configuration has {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}:\n"
        + string.Join('\n', problems.Select(problem => $"  - {problem}"));
}

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
