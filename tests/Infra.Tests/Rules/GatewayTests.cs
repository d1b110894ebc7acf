using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Rules;

/// <summary>Routes of the Gateway API, and the health check that a policy gives them.</summary>
public sealed class GatewayTests
{
    private const string Policy = "kubernetes:networking.gke.io/v1:HealthCheckPolicy::orders";
    private const string Type = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

    private static Plan Plan => OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract())
        .Without(GoodPlan.Binding)
        .Without(GoodPlan.Policy)
        .With(GoodPlan.Kubernetes(Type, "orders", """{"spec":{"rules":[{"backendRefs":[{"name":"orders","port":80}]},{"backendRefs":[{"name":"orders","port":80}]}]}}"""));

    [Fact]
    public void Backend_of_a_route_is_behind_a_balancer()
    {
        Assert.DoesNotContain("RO003", Rules(Plan));
        Assert.Contains("RO003", Rules(Plan.Set(GoodPlan.Autoscaler, "spec.minReplicas", "1")));
        Assert.Contains("TG001", Rules(Plan.Set(Type + "::orders", "spec.rules[0].backendRefs[0].port", "81")));
    }

    [Fact]
    public void Health_check_policy_is_the_balancer_s_probe()
    {
        var good = Plan.With(GoodPlan.Kubernetes("kubernetes:networking.gke.io/v1:HealthCheckPolicy", "orders", """
            {"spec":{"targetRef":{"kind":"Service","name":"orders"},"default":{"checkIntervalSec":10,"timeoutSec":5,"healthyThreshold":2,"unhealthyThreshold":3,
             "config":{"type":"HTTP","httpHealthCheck":{"port":8080,"requestPath":"/health"}}}}}
            """));
        Assert.Equal(Rules(Plan), Rules(good));
        Assert.Contains("HC002", Rules(good.Set(Policy, "spec.default.config.httpHealthCheck.requestPath", "\"/other\"")));
        Assert.Contains("HC008", Rules(good.Set(Policy, "spec.default.checkIntervalSec", "60")));
        Assert.Contains("HC001", Rules(good.Remove(Policy, "spec.default.unhealthyThreshold")));
    }

    private static IReadOnlyList<string> Rules(Plan plan) => [.. Linter.Lint(plan).Findings.Select(finding => finding.Rule).Distinct().Order(StringComparer.Ordinal)];
}
