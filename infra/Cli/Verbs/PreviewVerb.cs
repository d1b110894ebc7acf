using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor preview</c>: what the program declares for a stack, without credentials or network.</summary>
internal static class PreviewVerb
{
    internal static Command Create(CliContext context)
    {
        var stack = new Argument<string>("stack") { Description = "The stack, or a file that holds a plan.", DefaultValueFactory = _ => "dev" };
        var json = FileOption("--json", "Write the plan as JSON");
        var markdown = FileOption("--markdown", "Write the preview as Markdown, for a pull-request comment");
        var svg = FileOption("--svg", "Write the timeline as a picture");
        var before = new Option<string?>("--base") { Description = "First show the differences from a plan file or git revision.", HelpName = "BASE" };
        var command = new Command("preview", "Show what the program declares: health settings, timeline, outputs, resources.") { stack, json, markdown, svg, before };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = await PlanSource.StackOrFileAsync(context, parsed.GetValue(stack)!, cancellationToken);
            var preview = PreviewReport.Of(plan);
            var lint = LintReport.Sections(Linter.Lint(plan));
            // What was found comes first; what somebody gave a reason for comes last.
            var report = preview with { Sections = [lint[0], .. preview.Sections, .. lint.Skip(1)] };
            if (parsed.GetValue(before) is { } name)
            {
                var difference = DiffReport.Of(PlanDiff.Of(await PlanSource.FileOrRevisionAsync(context, name, plan.Stack, cancellationToken), plan));
                report = report with { Sections = [.. difference.Sections, .. report.Sections] };
            }

            var answers = new Answers(context);
            await answers.WriteAsync(parsed.GetValue(json), () => PlanJson.Serialize(plan), cancellationToken);
            await answers.WriteAsync(parsed.GetValue(markdown), () => MarkdownReport.Write(report, "candor preview"), cancellationToken);
            await answers.WriteAsync(parsed.GetValue(svg), () => TimePictureSvg.Draw(PreviewReport.Pictures(plan)), cancellationToken);
            if (!answers.OutIsTaken)
            {
                TerminalReport.Write(context.Out, report);
            }

            return ExitCode.Fine;
        });
        return command;
    }

    internal static Option<string?> FileOption(string name, string description) =>
        new(name) { Description = $"{description}; - for standard output.", HelpName = "FILE|-" };
}
