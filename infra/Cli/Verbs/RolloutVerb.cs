using System.CommandLine;
using Candor.Cli.Local;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor rollout restart|status|undo</c> and <c>candor scale</c>: the local stack's Deployments.</summary>
internal static class RolloutVerb
{
    internal static Command Create(CliContext context) => new("rollout", "Restart, watch or undo a Deployment's rollout.")
    {
        Sub(
            context,
            "restart",
            "Replace every pod by a new one, without a dropped request.",
            (client, name, token) => client.RestartAsync(name, token)),
        Sub(context, "status", "Wait for the current rollout.", null),
        Sub(context, "undo", "Roll back to the previous template.", (client, name, token) => client.UndoAsync(name, token)),
    };

    internal static Command Scale(CliContext context)
    {
        var replicas = new Argument<int>("replicas") { Description = "How many pods." };
        var deployment = Deployment();
        var state = StateOption.Create();
        var command = new Command("scale", "Change a Deployment's number of pods.") { replicas, deployment, state };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(replicas) < 0)
            {
                throw new UsageException($"replicas is {parsed.GetValue(replicas)}; it must be 0 or more.");
            }

            using var signals = StopSignals.Register();
            var client = StateOption.Client(context, parsed, state);
            context.Out.WriteLine(await client.ScaleAsync(parsed.GetValue(replicas), parsed.GetValue(deployment)!, signals.Stop));
            return await WaitAsync(context, client, parsed.GetValue(deployment)!, signals.Stop);
        });
        return command;
    }

    internal static Command Drain(CliContext context)
    {
        var pod = new Argument<string>("pod") { Description = "The pod." };
        var state = StateOption.Create();
        var command = new Command("drain", "Take one pod out of rotation by hand.") { pod, state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            context.Out.WriteLine(await StateOption.Client(context, parsed, state).DrainAsync(parsed.GetValue(pod)!, cancellationToken));
            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>Shows a rollout until it has ended; exit code 1 when it failed.</summary>
    internal static async Task<int> WaitAsync(
        CliContext context, LocalClient client, string deployment, CancellationToken cancellationToken)
    {
        var workloads = await client.WaitForRolloutAsync(deployment, new WorkloadLines(context), cancellationToken);
        var failed = workloads.Where(workload => workload.State == RolloutState.Failed).ToList();
        foreach (var workload in failed)
        {
            context.Error.WriteLine(
                $"{workload.Kind} {workload.Name} failed: {workload.Reason} The previous pods continue serving; roll back with "
                    + $"{client.Command("rollout undo")}.");
        }

        return failed.Count == 0 ? ExitCode.Fine : ExitCode.Failure;
    }

    private static Command Sub(
        CliContext context, string name, string description, Func<LocalClient, string, CancellationToken, Task<string>>? act)
    {
        var deployment = Deployment();
        var state = StateOption.Create();
        var command = new Command(name, description) { deployment, state };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = StopSignals.Register();
            var client = StateOption.Client(context, parsed, state);
            if (act is not null)
            {
                context.Out.WriteLine(await act(client, parsed.GetValue(deployment)!, signals.Stop));
            }

            return await WaitAsync(context, client, parsed.GetValue(deployment)!, signals.Stop);
        });
        return command;
    }

    private static Argument<string> Deployment() =>
        new("deployment") { Description = "Its name; optional when there is only one.", DefaultValueFactory = _ => string.Empty };

    private sealed class WorkloadLines(CliContext context) : IProgress<WorkloadStatus>
    {
        public void Report(WorkloadStatus value) => context.Out.WriteLine(
            $"{value.Kind} {value.Name}: {value.State.ToString().ToLowerInvariant()}, {value.Updated} of {value.Replicas} updated, "
                + $"{value.Available} available. {value.Reason}".TrimEnd());
    }
}
