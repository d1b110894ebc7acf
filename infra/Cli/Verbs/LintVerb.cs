using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Planning.Lint;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor lint</c>: holds a plan against every rule of docs/rules.md.</summary>
internal static class LintVerb
{
    internal static Command Create(CliContext context)
    {
        var stack = new Argument<string>("stack")
        {
            Description = "The stack, a file that holds a plan, a file or folder of Kubernetes manifests, or - for standard input.",
            DefaultValueFactory = _ => "dev",
        };
        var json = PreviewVerb.FileOption("--json", "Write the findings as JSON");
        var sarif = PreviewVerb.FileOption("--sarif", "Write the findings as SARIF 2.1.0, for editors and code scanning");
        var explain = new Option<bool>("--explain") { Description = "Show every finding with its reason and what to change." };
        var options = new LintOptions();
        var command = new Command("lint", "Hold what a program declares, or Kubernetes manifests, against every rule of docs/rules.md; exit 1 when one is broken.")
        {
            stack, json, sarif, explain,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(stack)!;
            var settings = options.Settings(parsed, name);
            var plan = await LintSource.ReadAsync(context, name, cancellationToken);
            var result = Linter.Lint(plan, settings);
            var answers = new Answers(context);
            await answers.WriteAsync(parsed.GetValue(json), () => LintJson.Write(result), cancellationToken);
            await answers.WriteAsync(parsed.GetValue(sarif), () => LintSarif.Write(result, FileOf(context, name)), cancellationToken);
            if (options.NewBaseline(parsed) is { } baseline)
            {
                await answers.WriteAsync(baseline, () => LintBaseline.Write(result), cancellationToken);
                context.Error.WriteLine($"{result.Findings.Count + result.Known.Count} findings are known from now on; use --baseline {baseline}.");
                return ExitCode.Fine;
            }

            if (!answers.OutIsTaken)
            {
                TerminalReport.Write(context.Out, parsed.GetValue(explain) ? LintReport.Of(result) : LintOverview.Of(result));
            }

            return result.ExitCode;
        });
        return command;
    }

    /// <summary>The file that findings are shown in: the plan's own, or the stack's, relative to the project.</summary>
    private static string FileOf(CliContext context, string name) =>
        name == LintSource.StandardInput ? "stdin"
        : File.Exists(name) || Directory.Exists(name) ? Path.GetRelativePath(context.ProjectDirectory, Path.GetFullPath(name))
        : $"Pulumi.{name}.yaml";
}
