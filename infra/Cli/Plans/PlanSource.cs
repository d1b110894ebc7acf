using Candor.Planning;

namespace Candor.Cli.Plans;

/// <summary>Where a plan comes from: the stack's program, a file, or another revision's program.</summary>
internal static class PlanSource
{
    /// <summary>The working tree, as a revision.</summary>
    internal const string WorkingTree = ".";

    /// <summary>The plan of a stack, or of a file when the name is that of one.</summary>
    internal static Task<Plan> StackOrFileAsync(CliContext context, string name, CancellationToken cancellationToken) =>
        IsFile(name) ? PlanReader.ReadAsync(name, cancellationToken) : PlanRecorder.RecordAsync(context.ProjectDirectory, name, cancellationToken);

    /// <summary>The plan of a file, or of the stack at a git revision.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    internal static async Task<Plan> FileOrRevisionAsync(CliContext context, string name, string stack, CancellationToken cancellationToken)
    {
        if (name == WorkingTree)
        {
            return await PlanRecorder.RecordAsync(context.ProjectDirectory, stack, cancellationToken);
        }

        if (IsFile(name))
        {
            return await PlanReader.ReadAsync(name, cancellationToken);
        }

        var repository = new GitRepository(context.ProjectDirectory);
        var commit = await repository.CommitAsync(name, cancellationToken)
            ?? throw new UsageException($"'{name}' is neither a file nor a git revision.");
        return await repository.IsCleanAtAsync(commit, cancellationToken)
            ? await PlanRecorder.RecordAsync(context.ProjectDirectory, stack, cancellationToken)
            : await RevisionPlan.RecordAsync(context, repository, name, commit, stack, cancellationToken);
    }

    // A stack may not be called like a file with an extension, so nothing is mistaken for the other.
    private static bool IsFile(string name) => File.Exists(name) && (name.Contains('.', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal));
}
