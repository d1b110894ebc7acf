using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Planning.Lint;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor lint</c>: holds a plan against every rule of docs/rules.md.</summary>
internal static class LintVerb
{
    internal static Command Create(CliContext context)
    {
        var stack = new Argument<string>("stack") { Description = "The stack, or a file that holds a plan.", DefaultValueFactory = _ => "dev" };
        var json = PreviewVerb.FileOption("--json", "Write the findings as JSON");
        var sarif = PreviewVerb.FileOption("--sarif", "Write the findings as SARIF 2.1.0, for editors and code scanning");
        var command = new Command("lint", "Hold what the program declares against every rule of docs/rules.md; exit 1 when one is broken.") { stack, json, sarif };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(stack)!;
            var plan = await PlanSource.StackOrFileAsync(context, name, cancellationToken);
            var result = Linter.Lint(plan);
            var answers = new Answers(context);
            await answers.WriteAsync(parsed.GetValue(json), () => LintJson.Write(result), cancellationToken);
            await answers.WriteAsync(parsed.GetValue(sarif), () => LintSarif.Write(result, FileOf(context, name)), cancellationToken);
            if (!answers.OutIsTaken)
            {
                TerminalReport.Write(context.Out, LintReport.Of(result));
            }

            return result.ExitCode;
        });
        return command;
    }

    /// <summary>The file that findings are shown in: the plan's own, or the stack's, relative to the project.</summary>
    private static string FileOf(CliContext context, string name) =>
        File.Exists(name) ? Path.GetRelativePath(context.ProjectDirectory, Path.GetFullPath(name)) : $"Pulumi.{name}.yaml";
}
