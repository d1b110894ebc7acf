using System.Text.Json;
using Candor.Doctor;
using Candor.Doctor.Model;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Cli.Plans;

/// <summary>Reads from a stack's files where it was deployed to, and what it declares.</summary>
internal static class DoctorSources
{
    /// <summary>Where the doctor looks for a stack. A program that cannot be recorded is said and stops nothing.</summary>
    internal static async Task<StackOptions> StackAsync(CliContext context, string stack, string? kubeContext, string? service, CancellationToken cancellationToken)
    {
        var settings = StackFiles.Read(context.ProjectDirectory, stack, StackConfig.SecretKeys);
        string? Config(string key) => settings.Config.TryGetValue($"{settings.Project}:{key}", out var value) && value.Length > 0 ? value : null;
        Plan? plan = null;
        var gaps = new List<Gap>();
        try
        {
            plan = await PlanRecorder.RecordAsync(context.ProjectDirectory, stack, cancellationToken);
        }
        catch (Exception exception) when (exception is PlanRecordingException or StackConfigException)
        {
            gaps.Add(new("stack", $"what the program declares for {stack}", exception.Message, ["contract drift", "not deployed"]));
        }

        return new()
        {
            Subject = $"stack {stack}",
            Namespace = Config("namespace") ?? "default",
            Context = kubeContext ?? Config("kubeContext"),
            Service = service,
            Plan = plan,
            BalancerRanges = Texts(Config("balancerSubnetCidrs")),
            Gaps = gaps,
        };
    }

    private static List<string> Texts(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize<List<string>>(json) ?? [];
        }
        catch (JsonException)
        {
            // Lint says what is wrong with it.
            return [];
        }
    }
}
