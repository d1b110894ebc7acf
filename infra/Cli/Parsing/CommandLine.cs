using System.CommandLine.Help;
using Candor.Cli.Verbs;
using Spectre.Console;

namespace Candor.Cli.Parsing;

/// <summary>Parses the arguments and runs the verb they name.</summary>
public static class CommandLine
{
    /// <summary>Runs one command line and hands back its exit code; a user's mistake never ends in a stack trace.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var root = VerbList.Root(context);
        var help = arguments.Count == 0 || arguments[0] == "help";
        string[] words = help ? [.. arguments.Skip(1), "--help"] : [.. arguments];
        var parsed = root.Parse(words);
        if (Mistakes.MisspeltOptions(parsed).Count > 0 || (parsed.Errors.Count > 0 && (parsed.Action is not HelpAction || parsed.UnmatchedTokens.Count > 0)))
        {
            foreach (var mistake in Mistakes.Of(parsed))
            {
                Say(context, mistake);
            }

            Say(context, "See ./candor help.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            Say(context, "Stopped.");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (UserMistake.Of(exception) is { } message)
        {
            Say(context, message);
            return ExitCode.Usage;
        }
    }

    private static void Say(CliContext context, string message)
    {
        try
        {
            context.Error.WriteLine(message);
        }
        catch (IOException)
        {
            // Into a file on a full disk, or to a reader that is gone. The exit code still says it.
        }
    }
}
