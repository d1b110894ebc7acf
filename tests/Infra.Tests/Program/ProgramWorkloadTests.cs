using Candor.Contract;
using Candor.Program.Config;
using Pulumi;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class ProgramWorkloadTests
{
    private const string DeploymentType = "kubernetes:apps/v1:Deployment";
    private const string Pod = "spec.template.spec";
    private const string Container = $"{Pod}.containers[0]";

    [Fact]
    public async Task Deployment_probes_have_every_field_of_the_contract()
    {
        var deployment = (await StackRun.Of(StackInputs.Dev())).One(DeploymentType);

        Assert.Equal(("/startupz", "http", 0, 5, 3, 18, 1), ProbeOf(deployment, "startupProbe"));
        Assert.Equal(("/healthz", "http", 15, 20, 3, 3, 1), ProbeOf(deployment, "livenessProbe"));
        Assert.Equal(("/health?scope=local", "http", 5, 10, 3, 3, 1), ProbeOf(deployment, "readinessProbe"));
        Assert.Equal("http", deployment.Text($"{Container}.ports[0].name"));
        Assert.Equal(8080, deployment.Number($"{Container}.ports[0].containerPort"));
        Assert.Equal("management", deployment.Text($"{Container}.ports[1].name"));
        Assert.Equal(9090, deployment.Number($"{Container}.ports[1].containerPort"));
    }

    [Fact]
    public async Task Deployment_readiness_of_balancer_only_asks_for_the_local_scope()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("health", """{"routing":{"onSharedFailure":"balancerOnly"}}""")));

        Assert.Equal("/health?scope=local", run.One(DeploymentType).Text($"{Container}.readinessProbe.httpGet.path"));
        Assert.Equal("/health", run.One("aws:lb/targetGroup:TargetGroup").Text("healthCheck.path"));
    }

    [Fact]
    public async Task Deployment_drain_is_the_contract_s_and_preStop_only_where_there_is_one()
    {
        var without = (await StackRun.Of(StackInputs.Dev())).One(DeploymentType);
        var with = (
            await StackRun.Of(StackInputs.Dev().With((
                "health", """{"drain":{"preStop":"4s","terminationGrace":"64s"}}""")))).One(DeploymentType);

        Assert.Equal(60, without.Number($"{Pod}.terminationGracePeriodSeconds"));
        Assert.Null(without.At($"{Container}.lifecycle"));
        Assert.Equal(64, with.Number($"{Pod}.terminationGracePeriodSeconds"));
        Assert.Equal(4, with.Number($"{Container}.lifecycle.preStop.sleep.seconds"));
    }

    [Fact]
    public async Task Deployment_rolls_without_a_missing_pod_within_the_timeline()
    {
        var run = await StackRun.Of(StackInputs.Dev());
        var deployment = run.One(DeploymentType);
        var timeline = StackConfig.Read(StackInputs.Dev()).Main.Timeline;

        Assert.Equal("RollingUpdate", deployment.Text("spec.strategy.type"));
        Assert.Equal(0, deployment.Number("spec.strategy.rollingUpdate.maxUnavailable"));
        Assert.Null(deployment.At("spec.replicas"));
        Assert.Equal(["spec.replicas"], run.OptionsOf(deployment).IgnoreChanges);
        Assert.Equal(timeline.RollingUpdate.Worst.TotalSeconds, deployment.Number("spec.progressDeadlineSeconds"));
        Assert.True(run.OptionsOf(deployment).CustomTimeouts!.Update > timeline.RollingUpdate.Worst);
        Assert.Equal("target-health.elbv2.k8s.aws/orders", deployment.Text($"{Pod}.readinessGates[0].conditionType"));
    }

    [Fact]
    public async Task Deployment_waits_for_its_binding_and_its_dependencies()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var after = await After(run, run.One(DeploymentType));

        Assert.Contains("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding::orders", after);
        Assert.Contains("kubernetes:apps/v1:StatefulSet::database", after);
        Assert.Contains("kubernetes:core/v1:Namespace::orders", after);
        Assert.Contains("kubernetes:core/v1:Secret::orders", after);
        Assert.Contains("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy::services", after);
    }

    [Fact]
    public async Task Deployment_finds_contract_and_connections_in_its_environment()
    {
        var run = await StackRun.Of(StackInputs.Dev());
        var deployment = run.One(DeploymentType);
        var names = deployment.List($"{Container}.env").Select(variable => Declared.Walk(variable, "name")).ToArray();

        Assert.Equal(
            [
                "CANDOR_CONTRACT",
                "ASPNETCORE_ENVIRONMENT",
                "ConnectionStrings__database",
                "ConnectionStrings__cache",
                "ConnectionStrings__queue",
            ],
            names);
        Assert.Equal(
            OrdersContract.Default, ContractJson.Parse(run.One("kubernetes:core/v1:ConfigMap").Text("data.CANDOR_CONTRACT")!, "test"));
        var secret = run.One("kubernetes:core/v1:Secret", "orders");
        Assert.Equal(
            "Host=database.orders.svc.cluster.local;Port=5432;Database=orders;Username=orders;Password=database-secret;Maximum Pool "
                + "Size=15",
            secret.Text("stringData.ConnectionStrings__database"));
        Assert.StartsWith(
            "cache.orders.svc.cluster.local:6379,password=cache-secret",
            secret.Text("stringData.ConnectionStrings__cache"),
            StringComparison.Ordinal);
        Assert.Equal("amqp://orders:queue-secret@queue.orders.svc.cluster.local:5672/", secret.Text("stringData.ConnectionStrings__queue"));
    }

    [Fact]
    public async Task Binding_leads_from_the_target_group_to_the_service()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var binding = run.One("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding");
        var service = run.One("kubernetes:core/v1:Service", "orders");
        Assert.Equal(run.Outputs["targetGroupArn"], binding.Text("spec.targetGroupARN"));
        Assert.Equal("ip", binding.Text("spec.targetType"));
        Assert.Equal(("orders", 8080), (binding.Text("spec.serviceRef.name"), binding.Number("spec.serviceRef.port")));
        Assert.Single(service.List("spec.ports"));
        Assert.Equal("http", service.Text("spec.ports[0].targetPort"));
    }

    [Fact]
    public async Task Service_does_not_make_Pulumi_wait_for_pods_that_wait_for_it()
    {
        var run = await StackRun.Of(Modes.All["alb, several services"]);

        Assert.All(run.OfType("kubernetes:core/v1:Service"), service =>
            Assert.Equal("true", ((IReadOnlyDictionary<string, object>)service.At("metadata.annotations")!)["pulumi.com/skipAwait"]));
    }

    [Fact]
    public async Task Budget_and_autoscaler_leave_an_eviction_at_the_fewest_pods()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("minReplicas", "3"), ("maxReplicas", "9")));

        var budget = run.One("kubernetes:policy/v1:PodDisruptionBudget");
        var autoscaler = run.One("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
        Assert.Equal(1, budget.Number("spec.maxUnavailable"));
        Assert.Equal("AlwaysAllow", budget.Text("spec.unhealthyPodEvictionPolicy"));
        Assert.Equal((3, 9), (autoscaler.Number("spec.minReplicas"), autoscaler.Number("spec.maxReplicas")));
        Assert.Equal("orders", autoscaler.Text("spec.scaleTargetRef.name"));
    }

    [Fact]
    public async Task Policy_admits_balancer_kubelet_and_monitoring_and_reaches_exactly_the_dependencies()
    {
        var policy = (await StackRun.Of(StackInputs.Dev())).One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "orders");

        Assert.Equal("10.20.0.0/24", policy.Text("spec.ingress[0].from[0].ipBlock.cidr"));
        Assert.Equal("10.20.16.0/20", policy.Text("spec.ingress[1].from[0].ipBlock.cidr"));
        Assert.Equal([8080, 8080, 9090], Enumerable.Range(0, 3).Select(rule => policy.Number($"spec.ingress[{rule}].ports[0].port")));
        Assert.Equal(3, policy.List("spec.ingress").Count);
        Assert.Equal(
            [53, 5432, 6379, 5672], policy.List("spec.egress").Select(rule => Convert.ToInt32(Declared.Walk(rule, "ports[0].port"), null)));
    }

    private static (string? Path, string? Port, int Delay, int Period, int Timeout, int Failures, int Successes) ProbeOf(
        Declared deployment, string probe) => (
        deployment.Text($"{Container}.{probe}.httpGet.path"),
        deployment.Text($"{Container}.{probe}.httpGet.port"),
        deployment.Number($"{Container}.{probe}.initialDelaySeconds"),
        deployment.Number($"{Container}.{probe}.periodSeconds"),
        deployment.Number($"{Container}.{probe}.timeoutSeconds"),
        deployment.Number($"{Container}.{probe}.failureThreshold"),
        deployment.Number($"{Container}.{probe}.successThreshold"));

    private static async Task<IReadOnlyList<string>> After(StackRun run, Declared resource)
    {
        var resources = await Pulumi.Utilities.OutputUtilities.GetValueAsync(run.OptionsOf(resource).DependsOn.ToOutput());
        return [.. resources.Select(before => $"{before.GetResourceType()}::{before.GetResourceName()}")];
    }
}
