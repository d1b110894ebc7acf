using System.Text;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Cli.Plans;

/// <summary>
/// Records the plan of another revision with that revision's own program: checked out in a temporary work tree, built there, and
/// asked for its preview. The user's work tree is not touched.
/// </summary>
internal static class RevisionPlan
{
    internal static async Task<Plan> RecordAsync(
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
