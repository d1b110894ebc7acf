using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>A whole production Plan, written by hand, in which everything holds: the mutations of the rules' tests start from it.</summary>
internal static class GoodPlan
{
    internal const string Group = "aws:lb/targetGroup:TargetGroup::orders";
    internal const string Balancer = "aws:lb/loadBalancer:LoadBalancer::balancer";
    internal const string HttpListener = "aws:lb/listener:Listener::http";
    internal const string HttpsListener = "aws:lb/listener:Listener::https";
    internal const string Deployment = "kubernetes:apps/v1:Deployment::orders";
    internal const string Service = "kubernetes:core/v1:Service::orders";
    internal const string Binding = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding::orders";
    internal const string Settings = "kubernetes:core/v1:ConfigMap::orders";
    internal const string Budget = "kubernetes:policy/v1:PodDisruptionBudget::orders";
    internal const string Autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler::orders";
    internal const string Policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy::orders";
    internal const string DatabasePolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy::database";
    internal const string Database = "kubernetes:apps/v1:StatefulSet::database";
    internal const string PrometheusRule = "kubernetes:monitoring.coreos.com/v1:PrometheusRule::orders";
    internal const string Container = "spec.template.spec.containers[0]";

    /// <summary>One shared, required dependency in the cluster, so that every cross-plane rule has something to compare.</summary>
    internal static HealthContract Contract { get; } = new()
    {
        Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }],
    };

    internal static Plan Create() => new()
    {
        Project = "candor",
        Stack = "prod",
        Environment = "prod",
        Contract = Contract,
        Outputs = PlanValue.Parse("""{"url":"https://orders.example.com","nodeCidrs":["10.0.16.0/20"]}"""),
        Resources =
        [
            .. GoodPlanCloud.Resources(Contract),
            .. GoodPlanCluster.Resources(Contract),
            .. GoodPlanWatching.Resources(),
        ],
    };

    internal static PlanResource Resource(string type, string name, string inputs) => new()
    {
        Type = type,
        Name = name,
        Id = $"id-{name}",
        Inputs = PlanValue.Parse(inputs),
    };

    internal static PlanResource Kubernetes(string type, string name, string rest)
    {
        var inputs = JsonNode.Parse(rest)!.AsObject();
        inputs["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "orders", ["labels"] = new JsonObject { ["app"] = name } };
        return Resource(type, name, inputs.ToJsonString());
    }
}
