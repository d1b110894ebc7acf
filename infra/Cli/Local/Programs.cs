using System.CommandLine;
using System.Reflection;
using Candor.Cli.Plans;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Local;

/// <summary>Which program stands for which image: the reference service, what the stack's <c>candor:local</c> says, over it what
/// <c>candor.local.yaml</c> remembers, and over that what <c>--program</c> says.</summary>
internal static class Programs
{
    private const string Reference = "orders";

    internal static Option<string[]> Option() => new("--program")
    {
        Description = "What stands for an image: IMAGE=PROGRAM, a project (.csproj), a built .dll, a published folder, or a command in "
            + "quotes. Remembered in candor.local.yaml.",
        HelpName = "IMAGE=PROGRAM",
    };

    /// <summary>Finds them all; projects are built.</summary>
    /// <exception cref="UsageException">One cannot be found or built; the message says which.</exception>
    internal static async Task<IReadOnlyDictionary<string, LocalProgram>> FindAsync(
        CliContext context, string? stack, IReadOnlyList<string> said, CancellationToken cancellationToken)
    {
        var file = new ProgramsFile(context.ProjectDirectory);
        var choices = new Dictionary<string, ProgramChoice>(file.Read(), StringComparer.Ordinal);
        foreach (var word in said)
        {
            var (image, choice) = Parse(context, word);
            choices[image] = choice;
        }

        var programs = new Dictionary<string, LocalProgram>(StringComparer.Ordinal) { [Reference] = new(ReferenceAssembly(context)) };
        var ofStack = stack is null ? new Dictionary<string, ProgramChoice>() : StackPrograms.Of(context.ProjectDirectory, stack);
        foreach (var (image, choice) in ofStack.Where(entry => !choices.ContainsKey(entry.Key)).Concat(choices))
        {
            if (choice.Connection is not null)
            {
                if (choice.IsCommand)
                {
                    programs[LocalDependencies.ImageOf(image)] = LocalProgram.ByCommand(choice.Text, choice.User);
                }

                continue;
            }

            programs[image] = choice.IsCommand
                ? LocalProgram.ByCommand(choice.Text, choice.User)
                : new(await AssemblyAsync(context, image, Path.GetFullPath(choice.Text, context.ProjectDirectory), cancellationToken));
        }

        if (said.Count > 0)
        {
            file.Remember(context, file.Stack(), choices);
        }

        return programs;
    }

    private static (string Image, ProgramChoice Choice) Parse(CliContext context, string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || at == word.Length - 1)
        {
            throw new UsageException($"--program is '{word}'; it must be IMAGE=PROGRAM, such as todo-api=../Todo.Api/Todo.Api.csproj.");
        }

        var (image, program) = (word[..at].Trim(), word[(at + 1)..].Trim());
        var path = Path.GetFullPath(program, Environment.CurrentDirectory);
        if (File.Exists(path) || Directory.Exists(path))
        {
            return (image, new(Path.GetRelativePath(context.ProjectDirectory, path), IsCommand: false, User: null));
        }

        return program.Contains(' ', StringComparison.Ordinal) && !program.Contains(".csproj", StringComparison.Ordinal)
            ? (image, new(program, IsCommand: true, User: null))
            : throw new UsageException(
                $"--program {image}: {path} does not exist. It must be a project (.csproj), a built .dll, a published folder, or a "
                    + "command with its arguments in quotes.");
    }

    private static async Task<string> AssemblyAsync(CliContext context, string image, string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return Directory.GetFiles(path, "*.runtimeconfig.json") is [var config]
                ? config[..^".runtimeconfig.json".Length] + ".dll"
                : Directory.GetFiles(path, "*.*proj") is [var project]
                    ? await BuildAsync(context, image, project, cancellationToken)
                    : throw new UsageException(
                        $"The program of image {image} is the folder {path}, which holds neither one published program "
                            + "(*.runtimeconfig.json) nor one project (*.csproj). Name the file.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException(
                $"The program of image {image} is {path}, which does not exist. Change it with: ./candor up --program {image}=PROGRAM "
                    + $"(or in {new ProgramsFile(context.ProjectDirectory).Location}).");
        }

        return Path.GetExtension(path) switch
        {
            ".dll" => path,
            ".csproj" or ".fsproj" or ".vbproj" => await BuildAsync(context, image, path, cancellationToken),
            _ => throw new UsageException(
                $"The program of image {image} is {path}; expected a project (.csproj), a built .dll, a published folder, or a command "
                    + "in quotes."),
        };
    }

    private static async Task<string> BuildAsync(CliContext context, string image, string project, CancellationToken cancellationToken)
    {
        context.Error.WriteLine($"Building {project} for image {image} ...");
        var folder = Path.GetDirectoryName(project)!;
        var build = await ProcessRun.RunAsync(
            "dotnet", ["build", project, "-c", "Release", "--nologo", "-v", "quiet"], folder, null, cancellationToken);
        if (build.ExitCode != 0)
        {
            throw new UsageException($"{project} does not build:\n{build.Tail}");
        }

        var target = await ProcessRun.RunAsync(
            "dotnet", ["msbuild", project, "-getProperty:TargetPath", "-p:Configuration=Release"], folder, null, cancellationToken);
        var assembly = target.Output.Trim();
        return target.ExitCode == 0 && File.Exists(assembly)
            ? assembly
            : throw new UsageException(
                $"{project} was built, but its assembly was not found{(assembly.Length > 0 ? $" at {assembly}" : string.Empty)}. Name "
                    + $"the .dll instead: ./candor up --program {image}=PATH.dll");
    }

    /// <summary>The built reference service beside this command, of the same build configuration.</summary>
    internal static string ReferenceAssembly(CliContext context)
    {
        var configuration = typeof(Programs).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";
        return Path.Combine(context.ProjectDirectory, "app", "Orders", "bin", configuration, "net10.0", "Candor.Orders.dll");
    }
}
