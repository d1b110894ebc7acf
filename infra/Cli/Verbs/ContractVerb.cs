using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Contract;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Cli.Verbs;

/// <summary><c>./candor contract</c>: the contract of a stack's service as it is deployed, and with <c>--explain</c> where each value comes from.</summary>
internal static class ContractVerb
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static Command Create(CliContext context)
    {
        var stack = new Argument<string>("stack") { Description = "The stack.", DefaultValueFactory = _ => "dev" };
        var service = new Option<string?>("--service") { Description = "Which service of the stack. Default: the main one.", HelpName = "NAME" };
        var explain = new Option<bool>("--explain") { Description = "Say what the stack said and what was assumed." };
        var json = PreviewVerb.FileOption("--json", "Write the contract as JSON");
        var command = new Command("contract", "Show the health contract of a service as it is deployed; with --explain, where each value comes from.") { stack, service, explain, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = StackFiles.Read(context.ProjectDirectory, parsed.GetValue(stack)!, StackConfig.SecretKeys);
            var services = PlanRecorder.ReadConfig(settings).Services;
            var name = parsed.GetValue(service) ?? services[0].Name;
            var index = services.ToList().FindIndex(candidate => candidate.Name == name);
            if (index < 0)
            {
                throw new UsageException($"The stack has no service '{name}'. Its services: {string.Join(", ", services.Select(each => each.Name))}.");
            }

            var answers = new Answers(context);
            await answers.WriteAsync(
                parsed.GetValue(json) ?? (parsed.GetValue(explain) ? null : "-"),
                () => JsonNode.Parse(ContractJson.Serialize(services[index].Contract))!.ToJsonString(Indented) + "\n",
                cancellationToken);
            if (parsed.GetValue(explain) && !answers.OutIsTaken)
            {
                TerminalReport.Write(context.Out, ContractReport.Of(settings, services[index], index));
            }

            return ExitCode.Fine;
        });
        return command;
    }
}
