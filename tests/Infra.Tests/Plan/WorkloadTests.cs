using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

public sealed class WorkloadTests
{
    [Fact]
    public void Workload_behind_a_balancer_is_found_with_its_target_group()
    {
        var plan = Samples.Web();
        var workload = Assert.Single(plan.WorkloadsOf());
        Assert.Equal("arn:tg/api", Assert.Single(plan.TargetGroupsOf(workload)).Id);
    }

    [Fact]
    public void Service_in_another_namespace_does_not_select_the_workload()
    {
        var plan = Samples.Web().With(ResourceTypes.Service, inputs => inputs["metadata"]!["namespace"] = "elsewhere");
        Assert.Empty(plan.ServicesOf(Assert.Single(plan.WorkloadsOf())));
    }

    [Fact]
    public void Contract_of_a_workload_comes_from_its_ConfigMap()
    {
        var contract = OrdersContract.Default with { Port = 8181 };
        var plan = Samples.Web(contract);
        Assert.Equal(contract, plan.ContractOf(Assert.Single(plan.WorkloadsOf())));
    }

    [Fact]
    public void Literal_variable_wins_over_the_ConfigMap()
    {
        var plan = Samples.Web().With(ResourceTypes.Deployment, inputs =>
            inputs["spec"]!["template"]!["spec"]!["containers"]![0]!["env"] =
                System.Text.Json.Nodes.JsonNode.Parse("""[{"name":"CANDOR_CONTRACT","value":"{\"port\":9999}"}]"""));
        Assert.Equal(9999, plan.ContractOf(Assert.Single(plan.WorkloadsOf()))?.Port);
    }

    [Fact]
    public void Secret_data_is_decoded_and_stringData_is_not()
    {
        var plan = Samples.Web()
            .With(Samples.Resource(
                ResourceTypes.Secret,
                "api",
                """{"metadata":{"name":"keys","namespace":"shop"},"data":{"A":"YQ=="},"stringData":{"B":"YQ=="}}"""))
            .With(ResourceTypes.Deployment, inputs =>
                inputs["spec"]!["template"]!["spec"]!["containers"]![0]!["envFrom"]!.AsArray().Add(
                    System.Text.Json.Nodes.JsonNode.Parse("""{"secretRef":{"name":"keys"}}""")));
        var workload = Assert.Single(plan.WorkloadsOf());
        var environment = plan.Environment(workload, workload.Containers().First());
        Assert.Equal("a", environment["A"]);
        Assert.Equal("YQ==", environment["B"]);
    }

    [Theory]
    [InlineData("""{"matchLabels":{"app":"api"}}""", true)]
    [InlineData("""{"matchLabels":{"app":"other"}}""", false)]
    [InlineData("{}", true)]
    [InlineData("null", false)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"In","values":["api","b"]}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"NotIn","values":["api"]}]}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"tier","operator":"NotIn","values":["web"]}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]}""", true)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"Maybe"}]}""", false)]
    public void Selector_selects_as_Kubernetes_does(string selector, bool selected) =>
        Assert.Equal(selected, LabelSelector.Matches(PlanValue.Parse(selector), PlanValue.Parse("""{"app":"api"}""")));

    [Theory]
    [InlineData("""{"maxSurge":1,"maxUnavailable":0}""", 1, 0)]
    [InlineData("""{"maxSurge":"50%","maxUnavailable":"50%"}""", 2, 1)]
    [InlineData("null", 1, 0)]
    public void Shares_of_a_rollout_round_as_Kubernetes_does(string rolling, int surge, int unavailable)
    {
        var plan = Samples.Web().With(ResourceTypes.Deployment, inputs =>
        {
            inputs["spec"]!["replicas"] = 3;
            inputs["spec"]!["strategy"]!["rollingUpdate"] = System.Text.Json.Nodes.JsonNode.Parse(rolling);
        });
        var shape = plan.RolloutOf(Assert.Single(plan.WorkloadsOf()));
        Assert.Equal((3, surge, unavailable), (shape.Replicas, shape.MaxSurge, shape.MaxUnavailable));
    }

    [Fact]
    public void Changed_copy_of_a_plan_does_not_find_the_resources_of_the_original()
    {
        var plan = Samples.Web();
        Assert.NotNull(plan.Index.Resolve("arn:tg/api"));
        Assert.Null((plan with { Resources = [] }).Index.Resolve("arn:tg/api"));
    }
}
