using System.Text.Json.Nodes;
using Candor.Local;
using Candor.Planning;

namespace Candor.Chaos.Injection;

/// <summary>Something done and undone several times; it is left done the last time.</summary>
/// <param name="What">What is done.</param>
/// <param name="Times">How often.</param>
/// <param name="OnSeconds">How long it lasts each time, in the contract's time.</param>
/// <param name="OffSeconds">How long the pause between is.</param>
internal sealed record Again(Inject What, int Times, double OnSeconds, double OffSeconds) : Inject
{
    public override string Undone => What.Undone;

    public override bool OutlivesStack => What.OutlivesStack;

    public override string? Impossible(Site site) => What.Impossible(site);

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Times; i++)
        {
            await What.DoAsync(site, cancellationToken);
            if (i < Times - 1)
            {
                await Task.Delay(site.Scaled(TimeSpan.FromSeconds(OnSeconds)), site.Time, cancellationToken);
                await What.UndoAsync(site, cancellationToken);
                await Task.Delay(site.Scaled(TimeSpan.FromSeconds(OffSeconds)), site.Time, cancellationToken);
            }
        }
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => What.UndoAsync(site, cancellationToken);
}

/// <summary>Something done and undone again at once.</summary>
/// <param name="What">What is done.</param>
/// <param name="Seconds">How long it lasts, in the contract's time.</param>
internal sealed record Brief(Inject What, double Seconds) : Inject
{
    public override string Undone => What.Undone;

    public override bool OutlivesStack => What.OutlivesStack;

    public override string? Impossible(Site site) => What.Impossible(site);

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        await What.DoAsync(site, cancellationToken);
        await Task.Delay(site.Scaled(TimeSpan.FromSeconds(Seconds)), site.Time, cancellationToken);
        await What.UndoAsync(site, cancellationToken);
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => What.UndoAsync(site, cancellationToken);
}

/// <summary>Something done while every replica stands still, so that none can have noticed.</summary>
/// <param name="What">What is done.</param>
/// <param name="Seconds">How long they stand still, in the contract's time.</param>
internal sealed record WhilePaused(Inject What, double Seconds) : Inject
{
    public override string Undone => $"SIGCONT; {What.Undone}";

    public override bool OutlivesStack => true;

    public override string? Impossible(Site site) => What.Impossible(site);

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var pause = new Pause(Every: true);
        await pause.DoAsync(site, cancellationToken);
        try
        {
            await What.DoAsync(site, cancellationToken);
            await Task.Delay(site.Scaled(TimeSpan.FromSeconds(Seconds)), site.Time, cancellationToken);
        }
        finally
        {
            await pause.UndoAsync(site, CancellationToken.None);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        await new Pause(Every: true).UndoAsync(site, cancellationToken);
        await What.UndoAsync(site, cancellationToken);
    }
}

/// <summary>Every replica is replaced by a new one, one after another.</summary>
internal sealed record Rollout : Inject
{
    public override string Undone => "it ends by itself";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        await site.Client.RestartAsync(site.Service, cancellationToken);
        await site.Client.WaitForRolloutAsync(site.Service, null, cancellationToken);
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>One replica is told to drain; it is replaced afterwards.</summary>
internal sealed record DrainOne : Inject
{
    public override string Undone => "the pod is replaced";

    public override Task DoAsync(Site site, CancellationToken cancellationToken) => site.Client.DrainAsync(site.Victim, cancellationToken);

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if ((await site.Client.StatusAsync(cancellationToken)).Pods.Any(pod => pod.Name == site.Victim))
        {
            await site.Client.RestartAsync(site.Service, cancellationToken);
        }
    }
}

/// <summary>The stack goes over to a Plan with one thing changed, and back.</summary>
/// <param name="Change">What is changed.</param>
internal sealed record OtherPlan(PlanChange Change) : Inject
{
    public override string Undone => "the Plan as before";

    public override string? Impossible(Site site) => Change switch
    {
        PlanChange.Loopback when !site.Isolated => "without --isolated every pod's address is one of loopback",
        PlanChange.ProbeTimeout => "on one machine answers take less than the shortest timeout of a probe; lint refuses it (HC006), and doctor measures it",
        _ => null,
    };

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        await site.Client.ApplyAsync(Changed(site), cancellationToken);
        if (Change is PlanChange.UnknownKey or PlanChange.OlderContract)
        {
            await RolledOutAsync(site, cancellationToken);
        }
    }

    /// <summary>The new pods have to start; that they cannot is told, and not waited for.</summary>
    private static async Task RolledOutAsync(Site site, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await site.Client.StatusAsync(cancellationToken);
            if (status.Pods.FirstOrDefault(pod => pod.Workload == site.Service && pod is { Restarts: > 0, LastExitCode: > 0 }) is { } crashed)
            {
                site.Complaints.Add($"the new version does not start: {crashed.Name} ended with exit code {crashed.LastExitCode}");
                return;
            }

            if (status.Workloads.All(workload => workload.State == RolloutState.Complete) && status.Healthy)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), site.Time, cancellationToken);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        await site.Client.ApplyAsync(site.Plan, cancellationToken);
        await site.Client.WaitUntilHealthyAsync(cancellationToken);
    }

    private Plan Changed(Site site) => Change switch
    {
        PlanChange.ProbePort => With(site.Plan, ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["port"] = "8081"),
        PlanChange.ProbePath => With(site.Plan, ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["path"] = "/status"),
        PlanChange.ProbeTimeout => With(site.Plan, ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["timeout"] = 0.002),
        PlanChange.NoSecurityRule => site.Plan with
        {
            Resources = [.. site.Plan.Resources.Where(r => !(r.Type == ResourceTypes.SecurityGroupIngressRule && r.Name.StartsWith("pods-from-balancer", StringComparison.Ordinal)))],
        },
        PlanChange.BadSetting => WithVariable(site, "ConnectionStrings__queue", _ => "not a connection string"),
        PlanChange.Loopback => WithVariable(site, "CANDOR_DISK", value => value, ("CANDOR_BIND", "127.0.0.1")),
        PlanChange.UnknownKey => WithContract(site.Plan, contract => contract["somethingNew"] = new JsonObject { ["limit"] = "10s" }),
        PlanChange.OlderContract => WithContract(site.Plan, contract =>
        {
            contract.Remove("operations");
            contract.Remove("operationLimits");
            contract.Remove("schemaVersion");
        }),
        _ => throw new InvalidOperationException($"There is no Plan for {Change}."),
    };

    private static Plan With(Plan plan, string type, Action<JsonNode> change, string? name = null) => plan with
    {
        Resources =
        [
            .. plan.Resources.Select(resource =>
            {
                if (resource.Type != type || (name is not null && resource.KubernetesName != name))
                {
                    return resource;
                }

                var inputs = resource.Inputs.ToNode()!;
                change(inputs);
                return resource with { Inputs = PlanValue.From(inputs) };
            }),
        ],
    };

    private static Plan WithVariable(Site site, string name, Func<string, string> change, params (string Name, string Value)[] more) =>
        Containers.WithEnvironment(site.Plan, site.Service, [(name, change(string.Empty)), .. more]);

    /// <summary>The contract as pods get it, with one thing changed.</summary>
    private static Plan WithContract(Plan plan, Action<JsonObject> change) => With(plan, ResourceTypes.ConfigMap, inputs =>
    {
        if (inputs["data"] is JsonObject data && (string?)data["CANDOR_CONTRACT"] is { } text)
        {
            var contract = JsonNode.Parse(text)!.AsObject();
            change(contract);
            data["CANDOR_CONTRACT"] = contract.ToJsonString();
        }
    });
}

/// <summary>What is changed in a Plan.</summary>
internal enum PlanChange
{
    /// <summary>The target group probes a port on which nobody listens.</summary>
    ProbePort,

    /// <summary>It probes a path that the app does not serve.</summary>
    ProbePath,

    /// <summary>It waits for less time than the app needs.</summary>
    ProbeTimeout,

    /// <summary>No security group admits the balancer to the pods.</summary>
    NoSecurityRule,

    /// <summary>A setting of the app is wrong.</summary>
    BadSetting,

    /// <summary>The app listens on loopback only.</summary>
    Loopback,

    /// <summary>The contract has a key that this image does not know.</summary>
    UnknownKey,

    /// <summary>The contract is one of an older stack.</summary>
    OlderContract,
}

/// <summary>Containers of a Plan.</summary>
internal static class Containers
{
    /// <summary>The Plan with variables of a Deployment's container set to other values.</summary>
    public static Plan WithEnvironment(Plan plan, string deployment, IReadOnlyList<(string Name, string Value)> variables) => plan with
    {
        Resources =
        [
            .. plan.Resources.Select(resource =>
            {
                if (resource.Type != ResourceTypes.Deployment || resource.KubernetesName != deployment)
                {
                    return resource;
                }

                var inputs = resource.Inputs.ToNode()!;
                var container = inputs["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject();
                var environment = container["env"] as JsonArray ?? [];
                foreach (var (name, value) in variables)
                {
                    foreach (var old in environment.Where(e => (string?)e!["name"] == name).ToList())
                    {
                        environment.Remove(old);
                    }

                    environment.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
                }

                container["env"] = environment.DeepClone();
                return resource with { Inputs = PlanValue.From(inputs) };
            }),
        ],
    };
}

/// <summary>A documented switch of the sample service: a mistake of its own is made. Orders has none.</summary>
/// <param name="Name">Which mistake.</param>
/// <param name="Every">In every replica, or in the victim alone.</param>
internal sealed record Switch(string Name, bool Every = true) : Inject
{
    public override string Undone => "the switch is off";

    public override Task DoAsync(Site site, CancellationToken cancellationToken) => SetAsync(site, on: true, cancellationToken);

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => SetAsync(site, on: false, cancellationToken);

    private async Task SetAsync(Site site, bool on, CancellationToken cancellationToken)
    {
        // By a signal file and not by a request: a service that no longer serves requests has to be switched back too.
        foreach (var pod in await site.TargetsAsync(Every, cancellationToken))
        {
            var folder = Path.Combine(site.Switches ?? throw new LocalException("The stack has no folder for switches."), pod.Name);
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, Name);
            if (on)
            {
                await File.WriteAllTextAsync(file, string.Empty, cancellationToken);
            }
            else
            {
                File.Delete(file);
            }
        }
    }
}
