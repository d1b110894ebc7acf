using System.CommandLine;
using Candor.Cli.Plans;
using Candor.Cli.Terminal;
using Candor.Planning.Typings;

namespace Candor.Cli.Verbs;

/// <summary><c>candor typings [stack]</c>: holds the stack's Plan against the official npm packages.</summary>
internal static class TypingsVerb
{
    internal static Command Create(CliContext context)
    {
        var stack = new Argument<string>("stack")
        {
            Description = "The stack, or a file that holds a plan.",
            DefaultValueFactory = _ => "dev",
        };
        var command = new Command(
            "typings",
            "Compile a stack's Plan against the official npm packages of Pulumi, run it with their mocks, and validate its Kubernetes objects.")
        {
            stack,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetRequiredValue(stack), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string stack, CancellationToken cancellationToken)
    {
        var plan = await PlanSource.StackOrFileAsync(context, stack, cancellationToken);
        var report = await new TypingsCheck(context.ProjectDirectory).RunAsync(plan, cancellationToken);
        foreach (var problem in report.Problems)
        {
            context.Out.WriteAnswerLine(problem.ToString());
        }

        context.Out.WriteAnswerLine(report.Problems.Count == 0
            ? $"{stack}: the official packages take all {report.Resources} resources as they are."
            : $"{stack}: {report.Problems.Count} problem(s) in {report.Resources} resources.");
        return report.Problems.Count == 0 ? ExitCode.Fine : ExitCode.Failure;
    }
}
