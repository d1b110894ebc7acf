using System.CommandLine;
using System.Globalization;
using Candor.Cli.Init;
using Candor.Cli.Local;
using Candor.Cli.Rendering;
using Candor.Cli.Terminal;
using Candor.Planning;
using Candor.Planning.Lint;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor init</c>: finds what a service dials and where it listens, writes what the stack needs of it, and shows the preview.</summary>
internal sealed class InitVerb
{
    private readonly Argument<string?> _project = new("project") { Description = "The service's project (.csproj), or its folder. Without it, the one in the current folder, or it is asked for.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _name = new("--name") { Description = "The service's name. Default: made of the project's, as todo-api of Todo.Api.", HelpName = "NAME" };
    private readonly Option<string?> _image = new("--image") { Description = "Its image's repository, without tag. Default: ghcr.io/example/NAME.", HelpName = "IMAGE" };
    private readonly Option<int?> _port = new("--port") { Description = "The port of users and probes. Default: as found in Dockerfile or appsettings.json, else 8080.", HelpName = "PORT" };
    private readonly Option<string[]> _dependency = new("--dependency") { Description = "What it dials, NAME=KIND, as often as needed; or none. Default: as its packages say.", HelpName = "NAME=KIND" };
    private readonly Option<string?> _command = new("--command") { Description = "The command that runs it here, for a service in another language, such as 'node server.js {port}'.", HelpName = "COMMAND" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Ask nothing; take what was found." };

    internal static Command Create(CliContext context)
    {
        var verb = new InitVerb();
        var command = new Command("init", "Bring your own service: writes its contract, stack files and workflow, and shows the preview. Never overwrites a file.")
        {
            verb._project, verb._name, verb._image, verb._port, verb._dependency, verb._command, verb._yes,
        };
        command.SetAction((parsed, cancellationToken) => verb.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var questions = parsed.GetValue(_yes) || context.Replies is null ? null : new InitQuestions(context, context.Replies);
        var service = Said(parsed, Find(context, parsed, questions));
        service = questions?.Correct(service) ?? service;
        foreach (var note in service.Notes)
        {
            context.Out.WriteAnswerLine($"found: {note}");
        }

        var files = new InitFiles(context.ProjectDirectory, service);
        Write(context, files);
        var option = Remember(context, files.Development);
        context.Out.WriteLine();
        await PreviewAsync(context, files.Development, cancellationToken);
        context.Out.WriteLine();
        context.Out.WriteAnswer(NextSteps.Of(service, files, option));
        return ExitCode.Fine;
    }

    private FoundService Find(CliContext context, ParseResult parsed, InitQuestions? questions)
    {
        if (parsed.GetValue(_command) is { } command)
        {
            if (parsed.GetValue(_project) is { } both)
            {
                throw new UsageException($"The project {both} and --command say two things; give one of them.");
            }

            var name = parsed.GetValue(_name) ?? throw new UsageException("--command needs --name: the service's name, such as todo-api.");
            return new() { Name = name, Command = command, Image = $"ghcr.io/example/{name}", Notes = [$"The command '{command}' runs it on this machine."] };
        }

        return new ProjectReader(ProjectFile(parsed.GetValue(_project), questions)).Read(parsed.GetValue(_name));
    }

    private static string ProjectFile(string? said, InitQuestions? questions)
    {
        var folder = Environment.CurrentDirectory;
        var path = said ?? (Projects(folder).Count == 1 ? folder : questions?.Project())
            ?? throw new UsageException($"There is not one project in {folder}. Name it: ./candor init ../Todo.Api/Todo.Api.csproj; or, for a service in another language: --name NAME --command COMMAND.");
        path = Path.GetFullPath(path, folder);
        if (File.Exists(path) && path.EndsWith("proj", StringComparison.Ordinal))
        {
            return path;
        }

        return Directory.Exists(path)
            ? Projects(path) switch
            {
                [var project] => project,
                [] => throw new UsageException($"{path} holds no project (*.csproj). Name the service's project."),
                var several => throw new UsageException($"{path} holds several projects: {string.Join(", ", several.Select(Path.GetFileName))}. Name the service's."),
            }
            : throw new UsageException($"{path} is {(File.Exists(path) ? "no project" : "not there")}; it must be a project (.csproj), or a folder that holds one.");
    }

    private static List<string> Projects(string folder) => [.. Directory.GetFiles(folder, "*.*proj").Order(StringComparer.Ordinal)];

    /// <summary>What the options say stands over what was found.</summary>
    private FoundService Said(ParseResult parsed, FoundService found)
    {
        if (parsed.GetValue(_dependency) is { Length: > 0 } words)
        {
            found = InitOptions.Dependencies(words, found.Dependencies, out var chosen) is { } why
                ? throw new UsageException($"--dependency {why}")
                : found with { Dependencies = chosen, Notes = [.. found.Notes.Where(note => !found.Dependencies.Any(dependency => note.StartsWith($"{dependency.Name}: ", StringComparison.Ordinal)) && !note.Contains("--dependency", StringComparison.Ordinal))] };
        }

        found = found with { Image = parsed.GetValue(_image) ?? found.Image, Port = parsed.GetValue(_port) ?? found.Port };
        var port = found.Port.ToString(CultureInfo.InvariantCulture);
        return (Refused.Name(found.Name) ?? Refused.Image(found.Image) ?? Refused.Port(port)) is { } refused
            ? throw new UsageException(refused)
            : found;
    }

    /// <summary>What is there stays, whatever it holds.</summary>
    private static void Write(CliContext context, InitFiles files)
    {
        foreach (var (path, text) in files.All())
        {
            var full = Path.Combine(context.ProjectDirectory, path);
            if (File.Exists(full))
            {
                context.Out.WriteAnswerLine(File.ReadAllText(full) == text ? $"as it is: {path}" : $"kept: {path} is there and was not overwritten; remove it to have it written anew");
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var file = new FileStream(full, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new StreamWriter(file))
            {
                writer.Write(text);
            }

            context.Out.WriteAnswerLine($"written: {path}");
        }
    }

    /// <summary>The stack becomes this machine's, unless another one is; the answer is the option that names it.</summary>
    private static string Remember(CliContext context, string stack)
    {
        var file = new ProgramsFile(context.ProjectDirectory);
        if (file.Stack() is null && stack != UpVerb.DefaultStack)
        {
            file.Remember(context, stack, file.Read());
        }

        return (file.Stack() ?? UpVerb.DefaultStack) == stack ? string.Empty : $" --stack {stack}";
    }

    /// <summary>What the numbers come to; the whole is a command away.</summary>
    private static async Task PreviewAsync(CliContext context, string stack, CancellationToken cancellationToken)
    {
        var plan = await PlanRecorder.RecordAsync(context.ProjectDirectory, stack, cancellationToken);
        var preview = PreviewReport.Of(plan);
        var lint = LintReport.Sections(Linter.Lint(plan));
        TerminalReport.Write(context.Out, preview with { Sections = [lint[0], .. preview.Sections.Take(2)] });
        context.Out.WriteLine($"Everything: ./candor preview {stack}");
    }
}
