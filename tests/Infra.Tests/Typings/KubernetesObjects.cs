using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>A Plan's Kubernetes objects as they would be sent to a cluster.</summary>
internal static class KubernetesObjects
{
    /// <summary>Each object with its URN and whether its kind is a custom one, as JSON.</summary>
    internal static string Json(Plan plan) =>
        new JsonArray([.. plan.Resources.Where(resource => resource.IsKubernetes && !resource.IsComponent).Select(Entry)]).ToJsonString();

    private static JsonNode Entry(PlanResource resource)
    {
        var value = resource.Inputs.ToNode() as JsonObject ?? [];
        // Pulumi makes up the name of an object without one.
        var metadata = value["metadata"] as JsonObject ?? [];
        metadata["name"] ??= resource.KubernetesName;
        value["metadata"] = metadata.Parent is null ? metadata : metadata.DeepClone();
        return new JsonObject
        {
            ["urn"] = resource.Urn,
            ["custom"] = NpmModule.Of(resource.Type) is { IsCustomObject: true },
            ["object"] = value,
        };
    }
}
