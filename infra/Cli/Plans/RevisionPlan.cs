using System.Text;
using Candor.Planning;
using Candor.Program.Config;
using Spectre.Console;

namespace Candor.Cli.Plans;

/// <summary>
/// Records the plan of another revision with that revision's own program. A plan that was recorded before is kept; where the program is the
/// one that runs, only the revision's configuration is taken; else it is checked out in a temporary work tree, built there, and asked for
/// its preview. The user's work tree is not touched.
/// </summary>
internal static class RevisionPlan
{
    // What the program's plan depends on beside the configuration.
    private static readonly string[] ProgramPaths =
        ["app", "infra", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json"];

    internal static async Task<Plan> RecordAsync(
        CliContext context, GitRepository repository, string name, string commit, string stack, CancellationToken cancellationToken)
    {
        var cache = new PlanCache(context.ProjectDirectory);
        if (await cache.ReadAsync(commit, stack, cancellationToken) is { } known)
        {
            return known;
        }

        var plan = await repository.IsSameAsync(commit, ProgramPaths, cancellationToken)
            ? await WithRunningProgramAsync(repository, commit, stack, cancellationToken)
            : await WithOwnProgramAsync(context, repository, name, commit, stack, cancellationToken);
        await cache.KeepAsync(commit, stack, plan, cancellationToken);
        return plan;
    }

    private static async Task<Plan> WithRunningProgramAsync(
        GitRepository repository, string commit, string stack, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("candor-revision-").FullName;
        try
        {
            foreach (var file in await repository.FilesAsync(commit, cancellationToken))
            {
                if (file.StartsWith("Pulumi.", StringComparison.Ordinal) && file.EndsWith(".yaml", StringComparison.Ordinal))
                {
                    await File.WriteAllTextAsync(
                        Path.Combine(folder, file), await repository.TextAsync(commit, file, cancellationToken), cancellationToken);
                }
            }

            await TakeContractsAsync(repository, commit, folder, stack, cancellationToken);
            return await PlanRecorder.RecordAsync(folder, stack, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The contract files that the stack's configuration names, as they were at the commit.</summary>
    private static async Task TakeContractsAsync(
        GitRepository repository, string commit, string folder, string stack, CancellationToken cancellationToken)
    {
        foreach (var file in ContractFile.Named(StackFiles.Read(folder, stack, []).Config))
        {
            // What leads elsewhere is refused by the program.
            var target = Path.GetFullPath(file, folder);
            if (target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                && await repository.TextAsync(commit, file, cancellationToken) is { Length: > 0 } text)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllTextAsync(target, text, cancellationToken);
            }
        }
    }

    private static async Task<Plan> WithOwnProgramAsync(
        CliContext context, GitRepository repository, string name, string commit, string stack, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("candor-revision-").FullName;
        var tree = Path.Combine(folder, "tree");
        try
        {
            context.Error.WriteLine($"Building {name} ({commit[..10]}) to record its plan …");
            await repository.AddWorkTreeAsync(tree, commit, cancellationToken);
            var project = Path.Combine(tree, await repository.PrefixAsync(cancellationToken));
            KeepFeed(context.ProjectDirectory, project);
            await BuildAsync(project, name, cancellationToken);
            return await PreviewAsync(project, name, stack, cancellationToken);
        }
        finally
        {
            await repository.RemoveWorkTreeAsync(tree);
            Directory.Delete(folder, recursive: true);
        }
    }

    // What ./candor found out about the package feed holds for every revision.
    private static void KeepFeed(string from, string to)
    {
        const string Feed = ".feed";
        if (File.Exists(Path.Combine(from, Feed)))
        {
            File.Copy(Path.Combine(from, Feed), Path.Combine(to, Feed), overwrite: true);
        }
    }

    private static async Task BuildAsync(string project, string name, CancellationToken cancellationToken)
    {
        var build = await ProcessRun.RunAsync(
            "dotnet", ["build", Path.Combine("infra", "Cli"), "--nologo", "-v", "quiet"], project, null, cancellationToken);
        if (build.ExitCode != 0)
        {
            throw new UsageException($"{name} does not build, so it has no plan:\n{build.Tail}");
        }
    }

    private static async Task<Plan> PreviewAsync(string project, string name, string stack, CancellationToken cancellationToken)
    {
        var program = Path.Combine("infra", "Cli", "bin", "Debug", "net10.0", "candor.dll");
        var preview = await ProcessRun.RunAsync(
            "dotnet",
            [program, "preview", stack, "--json", "-"],
            project,
            new Dictionary<string, string> { [CliContext.HomeVariable] = project },
            cancellationToken);
        return preview.ExitCode == 0
            ? PlanReader.Read(Encoding.UTF8.GetBytes(preview.Output), $"of {name}")
            : throw new UsageException($"{name} has no plan for stack {stack}:\n{preview.Tail}");
    }
}
