using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Benchmarks.Rollout;

/// <summary>The development stack with the articles' app in the place of Orders; everything around it stays.</summary>
internal static class ArticlePlan
{
    /// <summary>Name of the image that stands for it.</summary>
    public const string Image = "article";

    public static Plan Of(Plan plan) => plan with
    {
        Resources = [
            .. plan.Resources.Where(r => r.Type != ResourceTypes.StatefulSet)
            .Select(r => r.Type == ResourceTypes.Deployment ? Replace(r) : r)],
    };

    private static PlanResource Replace(PlanResource deployment)
    {
        var inputs = deployment.Inputs.ToNode()!;
        var spec = inputs["spec"]!["template"]!["spec"]!;
        var container = spec["containers"]![0]!.AsObject();
        container["image"] = $"{Image}:1";
        container["args"] = new JsonArray("article");
        container.Remove("lifecycle");
        // Kubernetes' own default, which the articles leave as it is.
        spec.AsObject()["terminationGracePeriodSeconds"] = 30;
        return deployment with { Inputs = PlanValue.From(inputs) };
    }
}
