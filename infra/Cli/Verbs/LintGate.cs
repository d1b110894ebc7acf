using Candor.Cli.Rendering;
using Candor.Planning;
using Candor.Planning.Lint;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary>Stops a deployment whose Plan breaks a rule.</summary>
internal static class LintGate
{
    /// <summary>Whether the Plan may be deployed; if not, says why. Warnings are told in a sentence and stop nothing.</summary>
    internal static bool Passes(CliContext context, Plan plan)
    {
        var result = Linter.Lint(plan);
        if (result.ExitCode != ExitCode.Fine)
        {
            TerminalReport.Write(context.Error, LintReport.Of(result));
            context.Error.WriteLine($"Nothing was deployed. Fix the errors, waive a rule with a reason under candor:waive in Pulumi.{plan.Stack}.yaml, or continue with --force.");
            return false;
        }

        if (result.Warnings > 0)
        {
            context.Error.WriteLine($"{LintReport.Summary(result)} See ./candor lint {plan.Stack}.");
        }

        return true;
    }
}
