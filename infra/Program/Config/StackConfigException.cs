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
