using System.ComponentModel;
using System.Diagnostics;
using Candor.Planning;

namespace Candor.Cli.Verbs;

/// <summary>
/// <c>candor up &lt;stack&gt;</c>: hands over to the real <c>pulumi up</c>, which owns state, credentials and the question "are you sure".
/// </summary>
internal static class CloudUp
{
    private const string Missing = """
        The program 'pulumi' is not on the PATH; a cloud stack is deployed by the real Pulumi CLI.
        Install it: curl -fsSL https://get.pulumi.com | sh   (other ways: https://www.pulumi.com/docs/install/)
        Without an argument, ./candor up runs the dev stack on this machine instead.
        """;

    internal static async Task<int> RunAsync(CliContext context, string stack, bool force, CancellationToken cancellationToken)
    {
        if (stack.StartsWith('-') || !File.Exists(Path.Combine(context.ProjectDirectory, $"Pulumi.{ShortName(stack)}.yaml")))
        {
            throw new UsageException(
                $"There is no stack '{stack}': {Path.Combine(context.ProjectDirectory, $"Pulumi.{ShortName(stack)}.yaml")} does not "
                    + $"exist. Stacks here: {string.Join(", ", StackFiles.StacksOf(context.ProjectDirectory))}.");
        }

        if (!force
            && !LintGate.Passes(context, await PlanRecorder.RecordAsync(context.ProjectDirectory, ShortName(stack), cancellationToken)))
        {
            return ExitCode.Failure;
        }

        var start = new ProcessStartInfo("pulumi", ["up", "--stack", stack])
        {
            WorkingDirectory = context.ProjectDirectory,
            UseShellExecute = false,
        };
        Process pulumi;
        try
        {
            pulumi = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new UsageException(Missing);
        }

        using (pulumi)
        {
            // Ctrl-C reaches pulumi itself, as part of this terminal's foreground group; ours is to wait for what it makes of it.
            await pulumi.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return pulumi.ExitCode == 0 ? ExitCode.Fine : ExitCode.Failure;
        }
    }

    /// <summary><c>organisation/project/stack</c> names the same file as <c>stack</c>.</summary>
    private static string ShortName(string stack) => stack.Split('/')[^1];
}
