using System.CommandLine;
using System.Text.RegularExpressions;
using Candor.Cli.Local;
using Candor.Cli.Terminal;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor logs</c>: what the processes of the local stack printed.</summary>
internal static partial class LogsVerb
{
    internal static Command Create(CliContext context)
    {
        var pod = new Argument<string?>("pod")
        {
            Description = "A pod, 'balancer', or a part of the monitoring such as 'prometheus'. Without it, the names of all logs.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow until Ctrl-C." };
        var lines = new Option<int>("--lines", "-n") { Description = "Number of last lines to show.", DefaultValueFactory = _ => 100 };
        var state = StateOption.Create();
        var command = new Command("logs", "Show the log of a pod.") { pod, follow, lines, state };
        command.SetAction(async (parsed, _) =>
        {
            var client = StateOption.Client(context, parsed, state);
            if (parsed.GetValue(pod) is not { } name)
            {
                if (client.Logs() is { Count: 0 })
                {
                    context.Error.WriteLine($"There are no logs in {StateOption.Folder(context, parsed, state)}: no stack has run there.");
                }

                foreach (var log in client.Logs())
                {
                    context.Out.WriteAnswerLine(log);
                }

                return ExitCode.Fine;
            }

            if (parsed.GetValue(lines) < 0)
            {
                throw new UsageException($"--lines is {parsed.GetValue(lines)}; it must be 0 or more.");
            }

            using var signals = StopSignals.Register();
            try
            {
                await foreach (var line in client.ReadLogAsync(name, parsed.GetValue(lines), parsed.GetValue(follow), signals.Stop))
                {
                    context.Out.WriteAnswerLine(Colours().Replace(line, string.Empty));
                    if (SafeConsole.Guarded(context.Out) is { Failure: not null })
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how one stops following.
            }

            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>What only chooses colours is left out; all else that is not text is written out.</summary>
    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Colours();
}
