using System.Text.Json;
using Candor.Doctor;
using Candor.Doctor.Model;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Cli.Plans;

/// <summary>Reads from a stack's files where it was deployed to, and what it declares.</summary>
internal static class DoctorSources
{
    /// <summary>Where the doctor looks for a stack. A program that cannot be recorded is reported and does not stop the doctor.</summary>
    internal static async Task<StackOptions> StackAsync(CliContext context, string stack, CancellationToken cancellationToken)
    {
        var settings = StackFiles.Read(context.ProjectDirectory, stack, StackConfig.SecretKeys);
        string? Config(string key) =>
            settings.Config.TryGetValue($"{settings.Project}:{key}", out var value) && value.Length > 0 ? value : null;
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
            Namespace = plan?.MainWorkload()?.KubernetesNamespace ?? Config("namespace") ?? Config("name") ?? "default",
            Context = Config("kubeContext"),
            Region = Config("region"),
            Plan = plan,
            BalancerRanges = Texts(Config("balancerSubnetCidrs")),
            Gaps = gaps,
        };
    }

    /// <summary>Where the doctor looks for a target group: AWS, and the cluster when a context or a stack says which.</summary>
    internal static async Task<StackOptions> TargetGroupAsync(
        CliContext context, string arn, string? stack, bool withCluster, CancellationToken cancellationToken)
    {
        var options = stack is null
            ? new StackOptions { Subject = arn, Namespace = "default", AsksCluster = withCluster }
            : await StackAsync(context, stack, cancellationToken);
        return options with
        {
            Subject = $"target group {arn[(arn.LastIndexOf(':') + 1)..]}",
            TargetGroupArn = arn,
            Region = arn.Split(':') is { Length: > 3 } parts ? parts[3] : options.Region,
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
