using Candor.Planning;

namespace Candor.Cli.Plans;

/// <summary>Where a plan comes from: the stack's program, a file, or another revision's program.</summary>
internal static class PlanSource
{
    /// <summary>The working tree, as a revision.</summary>
    internal const string WorkingTree = ".";

    private static readonly TimeSpan _writerLimit = TimeSpan.FromSeconds(5);

    /// <summary>The plan of a stack, or of a file when the name is that of one.</summary>
    /// <exception cref="UsageException">It is named like a file, and there is none.</exception>
    internal static Task<Plan> StackOrFileAsync(CliContext context, string name, CancellationToken cancellationToken) =>
        !File.Exists(name) && IsNamedLikeFile(name) ? throw new UsageException($"There is no file {name}.")
        : IsFile(name) ? ReadAsync(context, name, cancellationToken) : PlanRecorder.RecordAsync(context.ProjectDirectory, name, cancellationToken);

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
            return await ReadAsync(context, name, cancellationToken);
        }

        var repository = new GitRepository(context.ProjectDirectory);
        var commit = await repository.CommitAsync(name, cancellationToken)
            ?? throw new UsageException($"'{name}' is neither a file nor a git revision.");
        return await repository.IsCleanAtAsync(commit, cancellationToken)
            ? await PlanRecorder.RecordAsync(context.ProjectDirectory, stack, cancellationToken)
            : await RevisionPlan.RecordAsync(context, repository, name, commit, stack, cancellationToken);
    }

    /// <summary>Opens a file that is there.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    internal static FileStream Open(string name)
    {
        try
        {
            return File.OpenRead(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name} cannot be read: {exception.Message}");
        }
    }

    private static bool IsNamedLikeFile(string name) =>
        name.Contains('/', StringComparison.Ordinal) || Path.GetExtension(name) is ".json" or ".yaml" or ".yml";

    /// <summary>Opening a pipe waits for a writer, with a limit; reading what is written has none.</summary>
    private static async Task<Plan> ReadAsync(CliContext context, string name, CancellationToken cancellationToken)
    {
        try
        {
            var opening = Task.Run(() => File.OpenRead(name), cancellationToken);
            await using var file = await opening.WaitAsync(_writerLimit, context.Time, cancellationToken);
            return await PlanReader.ReadAsync(file, name, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new UsageException($"The plan {name} cannot be read: it is a pipe, and no process opened it for writing within {_writerLimit.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The plan {name} cannot be read: {exception.Message}");
        }
    }

    // A stack may not be called like a file with an extension, so nothing is mistaken for the other.
    internal static bool IsFile(string name) => File.Exists(name) && (name.Contains('.', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal));
}
