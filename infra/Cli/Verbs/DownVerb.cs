using System.CommandLine;
using Candor.Cli.Local;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor down</c>: drains and ends the local stack, and cleans up what a killed one left behind.</summary>
internal static class DownVerb
{
    internal static Command Create(CliContext context)
    {
        var now = new Option<bool>("--now") { Description = "Do not drain." };
        var state = StateOption.Create();
        var command = new Command("down", "Drain and end the stack on this machine.") { now, state };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = StopSignals.Register();
            var client = StateOption.Client(context, parsed, state);
            var lines = new EventLines(context.Error, context.Time.LocalTimeZone);
            var ended = await client.DownAsync(parsed.GetValue(now), lines, signals.Stop);
            context.Out.WriteLine(ended ? "The stack has ended; its data is kept." : client.NotRunning);
            return ExitCode.Fine;
        });
        return command;
    }
}
