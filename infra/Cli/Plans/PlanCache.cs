using Candor.Planning;

namespace Candor.Cli.Plans;

/// <summary>
/// The plans of commits, which never change, below <c>.candor/plans</c>. What cannot be kept or read is recorded again; there is no secret
/// in a plan.
/// </summary>
internal sealed class PlanCache(string projectDirectory)
{
    private const int MaximumFiles = 100;

    private readonly string _folder = Path.Combine(projectDirectory, ".candor", "plans");

    /// <summary>The plan of a stack at a commit, or null where it is not kept or cannot be read any more.</summary>
    internal async Task<Plan?> ReadAsync(string commit, string stack, CancellationToken cancellationToken)
    {
        if (FileOf(commit, stack) is not { } file || !File.Exists(file))
        {
            return null;
        }

        try
        {
            return await PlanReader.ReadAsync(file, cancellationToken);
        }
        catch (PlanFormatException)
        {
            // Of another version of this program.
            return null;
        }
    }

    /// <summary>Keeps a plan, and lets go of the oldest where there are many.</summary>
    internal async Task KeepAsync(string commit, string stack, Plan plan, CancellationToken cancellationToken)
    {
        if (FileOf(commit, stack) is not { } file)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(_folder);
            var partial = Path.Combine(_folder, Path.GetRandomFileName());
            await File.WriteAllTextAsync(partial, PlanJson.Serialize(plan), cancellationToken);
            File.Move(partial, file, overwrite: true);
            foreach (var old in new DirectoryInfo(_folder).GetFiles().OrderByDescending(kept => kept.LastWriteTimeUtc).Skip(MaximumFiles))
            {
                old.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A read-only checkout works without.
        }
    }

    // A stack's name is a part of a file's name already, or there is no such stack.
    private string? FileOf(string commit, string stack) =>
        stack.Length > 0 && Path.GetFileName(stack) == stack ? Path.Combine(_folder, $"{commit}-{stack}.json") : null;
}
