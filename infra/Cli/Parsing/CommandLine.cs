using System.CommandLine.Help;
using Candor.Cli.Terminal;
using Candor.Cli.Verbs;
using Spectre.Console;

namespace Candor.Cli.Parsing;

/// <summary>Parses the arguments and runs the verb they name.</summary>
public static class CommandLine
{
    private const string DetailsVariable = "CANDOR_DETAILS";

    private static bool Details => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DetailsVariable));

    /// <summary>Runs one command line and hands back its exit code; a user's mistake never ends in a stack trace.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        SafeConsole.Guard(context.Out);
        SafeConsole.Guard(context.Error);
        return Written(context, await InvokeAsync(arguments, context));
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CliContext context)
    {
        var root = VerbList.Root(context);
        var help = arguments.Count == 0 || arguments[0] == "help";
        string[] words = help ? [.. arguments.Skip(1), "--help"] : [.. arguments];
        var parsed = root.Parse(words);
        if (Mistakes.MisspeltOptions(parsed).Count > 0
            || (parsed.Errors.Count > 0 && (parsed.Action is not HelpAction || parsed.UnmatchedTokens.Count > 0)))
        {
            foreach (var mistake in Mistakes.Of(parsed))
            {
                context.Error.WriteLine(mistake);
            }

            context.Error.WriteLine("See ./candor help.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new()
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = context.Out.Profile.Out.Writer,
                Error = context.Error.Profile.Out.Writer,
            });
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine("Stopped.");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (UserMistake.Of(exception) is { } message)
        {
            context.Error.WriteLine(message);
            return ExitCode.Usage;
        }
        catch (Exception exception)
        {
            return Defect(context, exception);
        }
    }

    /// <summary>A bug in Candor. Its details are for the developer who fixes it.</summary>
    private static int Defect(CliContext context, Exception exception)
    {
        context.Error.WriteLine($"candor failed because of a bug: {exception.GetType().Name}: {exception.Message}");
        context.Error.WriteLine(
            Details ? exception.ToString() : $"Please report it, with what {DetailsVariable}=1 in the environment adds to this.");
        return ExitCode.Failure;
    }

    /// <summary>Output that could not be written is a failure, unless the reader closed the pipe.</summary>
    private static int Written(CliContext context, int exitCode)
    {
        if (SafeConsole.Guarded(context.Out) is not { Failure: { } failure, IsClosed: false })
        {
            return exitCode;
        }

        context.Error.WriteLine($"Standard output cannot be written: {failure.Message}");
        return exitCode == ExitCode.Fine ? ExitCode.Usage : exitCode;
    }
}
