using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Planning;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor diff</c>: what is different between two plans, and what it means.</summary>
internal static class DiffVerb
{
    internal static Command Create(CliContext context)
    {
        const string Kinds = "A plan file, a git revision, or . for the working tree.";
        var before = new Argument<string>("base") { Description = Kinds };
        var after = new Argument<string>("head") { Description = Kinds };
        var stack = new Option<string>("--stack") { Description = "The stack to compare, for revisions.", HelpName = "STACK", DefaultValueFactory = _ => "dev" };
        var markdown = PreviewVerb.FileOption("--markdown", "Write the difference as Markdown, for a pull-request comment");
        var exitCode = new Option<bool>("--exit-code") { Description = "Exit 1 when something changes." };
        var command = new Command("diff", "Compare two plans: what it means, then field by field.") { before, after, stack, markdown, exitCode };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(stack)!;
            var diff = PlanDiff.Of(
                await PlanSource.FileOrRevisionAsync(context, parsed.GetValue(before)!, name, cancellationToken),
                await PlanSource.FileOrRevisionAsync(context, parsed.GetValue(after)!, name, cancellationToken));
            var report = DiffReport.Of(diff);
            var answers = new Answers(context);
            await answers.WriteAsync(parsed.GetValue(markdown), () => MarkdownReport.Write(report, "candor diff"), cancellationToken);
            if (!answers.OutIsTaken)
            {
                TerminalReport.Write(context.Out, report);
            }

            return parsed.GetValue(exitCode) && !diff.IsEmpty ? ExitCode.Failure : ExitCode.Fine;
        });
        return command;
    }
}
