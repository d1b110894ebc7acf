using System.CommandLine;
using Candor.Cli.Local;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor logs</c>: what the processes of the local stack printed.</summary>
internal static class LogsVerb
{
    internal static Command Create(CliContext context)
    {
        var pod = new Argument<string?>("pod") { Description = "A pod, 'balancer', or a part of the monitoring such as 'prometheus'. Without it, the names of all logs.", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C." };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the last lines.", DefaultValueFactory = _ => 100 };
        var state = StateOption.Create();
        var command = new Command("logs", "Show what a pod printed.") { pod, follow, lines, state };
        command.SetAction(async (parsed, _) =>
        {
            var client = StateOption.Client(context, parsed, state);
            if (parsed.GetValue(pod) is not { } name)
            {
                foreach (var log in client.Logs())
                {
                    context.Out.WriteLine(log);
                }

                return ExitCode.Fine;
            }

            using var signals = StopSignals.Register();
            try
            {
                await foreach (var line in client.ReadLogAsync(name, parsed.GetValue(lines), parsed.GetValue(follow), signals.Stop))
                {
                    context.Out.Profile.Out.Writer.WriteLine(line);
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
}
