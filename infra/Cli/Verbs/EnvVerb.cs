using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Cli.Local;
using Candor.Cli.Terminal;
using Candor.Local;

namespace Candor.Cli.Verbs;

/// <summary><c>candor env POD</c>: the variables that a pod of the local stack runs with, to start the same service in a debugger beside it.</summary>
internal static class EnvVerb
{
    private const string Bind = "CANDOR_BIND";

    // Of the machine or of the run; with the run's mark a process would be taken for one of the stack's, and ended with it.
    private static readonly string[] Left = ["PATH", "HOME", "TMPDIR", "HOSTNAME", "LANG", "TZ", "PWD", "SHLVL", "_", "CANDOR_RUN", "DOTNET_ROOT"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static Command Create(CliContext context)
    {
        var pod = new Argument<string>("pod") { Description = "A pod, or a workload for its first pod." };
        var json = new Option<bool>("--json") { Description = "As the environmentVariables of launchSettings.json, instead of shell exports." };
        var state = StateOption.Create();
        var command = new Command("env", "Show the variables of a running pod, to debug the same service beside it: eval \"$(./candor env orders)\".") { pod, json, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(pod);
            var pods = (await StateOption.Client(context, parsed, state).StatusAsync(cancellationToken)).Pods;
            var found = pods.FirstOrDefault(candidate => candidate.Name == name)
                ?? pods.FirstOrDefault(candidate => candidate.Workload == name && candidate.ProcessId is not null)
                ?? throw new UsageException($"There is no pod '{name}'; there are {string.Join(", ", pods.Select(candidate => candidate.Name))}.");
            var variables = Variables(Read(found));
            context.Out.WriteAnswer(parsed.GetValue(json)
                ? new JsonObject(variables.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString(Indented) + "\n"
                : string.Concat(variables.Select(pair => $"export {pair.Key}={Word(pair.Value)}\n")));
            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>What is the service's own, sorted; bound to loopback, for the pod's address is the pod's.</summary>
    internal static SortedDictionary<string, string> Variables(string environ)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in environ.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // A name that is no word of a shell cannot be exported.
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && entry[..at] is var name && !Left.Contains(name) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                variables[name] = entry[(at + 1)..];
            }
        }

        if (variables.ContainsKey(Bind))
        {
            variables[Bind] = "127.0.0.1";
        }

        return variables;
    }

    private static string Read(LocalPod pod)
    {
        try
        {
            return pod.ProcessId is { } id
                ? File.ReadAllText($"/proc/{id}/environ")
                : throw new UsageException($"Pod {pod.Name} has no process: {pod.Phase}. {pod.Reason}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The environment of pod {pod.Name} cannot be read: {exception.Message}");
        }
    }

    private static string Word(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
