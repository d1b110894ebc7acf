namespace Candor.Cli.Plans;

/// <summary>The git repository around a folder.</summary>
internal sealed class GitRepository(string folder)
{
    /// <summary>The commit that a revision names, or null.</summary>
    internal async Task<string?> CommitAsync(string revision, CancellationToken cancellationToken)
    {
        // What begins with a dash would be read as an option.
        if (revision.StartsWith('-'))
        {
            return null;
        }

        var found = await GitAsync(["rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}"], cancellationToken);
        return found.ExitCode == 0 ? found.Output.Trim() : null;
    }

    /// <summary>Whether the work tree holds exactly the commit.</summary>
    internal async Task<bool> IsCleanAtAsync(string commit, CancellationToken cancellationToken)
    {
        var status = await GitAsync(["status", "--porcelain"], cancellationToken);
        return status is { ExitCode: 0, Output: "" } && await CommitAsync("HEAD", cancellationToken) == commit;
    }

    /// <summary>Whether the work tree has the same files at the paths, below the folder, as the commit.</summary>
    internal async Task<bool> IsSameAsync(string commit, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var changed = await GitAsync(["diff", "--quiet", commit, "--", .. paths], cancellationToken);
        var untracked = await GitAsync(["ls-files", "--others", "--exclude-standard", "--", .. paths], cancellationToken);
        return changed.ExitCode == 0 && untracked is { ExitCode: 0, Output: "" };
    }

    /// <summary>The names of the files directly in the folder at a commit.</summary>
    internal async Task<IReadOnlyList<string>> FilesAsync(string commit, CancellationToken cancellationToken) =>
        (await GitAsync(["ls-tree", "--name-only", "-z", commit], cancellationToken)).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The text of a file directly in the folder at a commit.</summary>
    internal async Task<string> TextAsync(string commit, string file, CancellationToken cancellationToken) =>
        (await GitAsync(["show", $"{commit}:./{file}"], cancellationToken)).Output;

    /// <summary>Where the folder lies in the repository.</summary>
    internal async Task<string> PrefixAsync(CancellationToken cancellationToken) =>
        (await GitAsync(["rev-parse", "--show-prefix"], cancellationToken)).Output.Trim();

    /// <summary>Checks a commit out into a folder of its own.</summary>
    /// <exception cref="UsageException">Git refuses.</exception>
    internal async Task AddWorkTreeAsync(string path, string commit, CancellationToken cancellationToken)
    {
        var added = await GitAsync(["worktree", "add", "--quiet", "--detach", path, commit], cancellationToken);
        if (added.ExitCode != 0)
        {
            throw new UsageException($"git cannot check out {commit}:\n{added.Tail}");
        }
    }

    /// <summary>Forgets a folder that was checked out; also after a cancellation, so it takes none.</summary>
    internal Task RemoveWorkTreeAsync(string path) => GitAsync(["worktree", "remove", "--force", path], CancellationToken.None);

    private Task<ProcessRun> GitAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ProcessRun.RunAsync("git", arguments, folder, null, cancellationToken);
}
