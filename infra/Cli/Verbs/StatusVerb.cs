using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Candor.Cli.Local;
using Candor.Cli.Terminal;

namespace Candor.Cli.Verbs;

/// <summary><c>candor status</c>: targets, pods and workloads of the local stack; exit code 1 when not all is healthy.</summary>
internal static class StatusVerb
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    internal static Command Create(CliContext context)
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var state = StateOption.Create();
        var command = new Command("status", "Show the stack on this machine; exit code 1 when not everything is healthy.") { json, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var status = await StateOption.Client(context, parsed, state).StatusAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Out.WriteAnswerLine(JsonSerializer.Serialize(status, Indented));
            }
            else
            {
                StatusTables.Print(context.Out, status);
            }

            return status.Healthy ? ExitCode.Fine : ExitCode.Failure;
        });
        return command;
    }
}
