using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Cli.Local;

/// <summary>A Plan that lets a debugger hold a process: no liveness probe restarts it, and its own watchdog does not take a breakpoint for a hang.</summary>
internal static class Debugging
{
    /// <summary>The variable by which an app switches its watchdog off.</summary>
    internal const string Watchdog = "Candor__Watchdog";

    /// <summary>The Plan without liveness probes of its Deployments.</summary>
    internal static Plan WithoutLiveness(Plan plan) => plan with
    {
        Resources = [.. plan.Resources.Select(resource => resource.Type == ResourceTypes.Deployment ? WithoutLiveness(resource) : resource)],
    };

    private static PlanResource WithoutLiveness(PlanResource deployment)
    {
        var inputs = deployment.Inputs.ToNode()!;
        foreach (var container in inputs["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [])
        {
            if (container is JsonObject keys)
            {
                keys.Remove("livenessProbe");
                var variables = keys["env"] as JsonArray ?? [];
                keys["env"] = new JsonArray([.. variables.Select(variable => variable?.DeepClone()), new JsonObject { ["name"] = Watchdog, ["value"] = "false" }]);
            }
        }

        return deployment with { Inputs = PlanValue.From(inputs) };
    }
}
