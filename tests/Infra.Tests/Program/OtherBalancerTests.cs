namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class OtherBalancerTests
{
    private const string Ingress = "kubernetes:networking.k8s.io/v1:Ingress";

    [Theory]
    [InlineData("gke, inCluster")]
    [InlineData("nginx, external")]
    public async Task Other_balancers_use_the_Kubernetes_provider_only(string mode)
    {
        var run = await StackRun.Of(Modes.All[mode]);

        Assert.DoesNotContain(
            run.Resources,
            resource =>
                resource.Type.StartsWith("aws", StringComparison.Ordinal) || resource.Type.Contains("aws", StringComparison.Ordinal));
        Assert.Empty(run.Calls);
    }

    [Fact]
    public async Task Gke_backend_has_the_contract_s_health_check_and_drain()
    {
        var run = await StackRun.Of(Modes.All["gke, inCluster"]);

        var backend = run.One("kubernetes:cloud.google.com/v1:BackendConfig");
        Assert.Equal(("/health", 8080, 10, 5, 2, 3), (
            backend.Text("spec.healthCheck.requestPath"),
            backend.Number("spec.healthCheck.port"),
            backend.Number("spec.healthCheck.checkIntervalSec"),
            backend.Number("spec.healthCheck.timeoutSec"),
            backend.Number("spec.healthCheck.healthyThreshold"),
            backend.Number("spec.healthCheck.unhealthyThreshold")));
        Assert.Equal((30, 15), (backend.Number("spec.connectionDraining.drainingTimeoutSec"), backend.Number("spec.timeoutSec")));
        var annotations = (IReadOnlyDictionary<string, object>)run.One("kubernetes:core/v1:Service", "orders").At("metadata.annotations")!;
        Assert.Equal("""{"default":"orders"}""", annotations["cloud.google.com/backend-config"]);
    }

    [Fact]
    public async Task Gke_front_redirects_to_HTTPS()
    {
        var run = await StackRun.Of(Modes.All["gke, external"]);

        Assert.Equal(true, run.One("kubernetes:networking.gke.io/v1beta1:FrontendConfig").At("spec.redirectToHttps.enabled"));
        Assert.Equal(
            "ingress",
            ((IReadOnlyDictionary<string, object>)run.One(Ingress).At("metadata.annotations")!)[
                "networking.gke.io/v1beta1.FrontendConfig"]);
    }

    [Fact]
    public async Task Nginx_retries_another_pod_but_nothing_that_changes_data()
    {
        var ingress = (await StackRun.Of(Modes.All["nginx, inCluster"])).One(Ingress);

        var annotations = (IReadOnlyDictionary<string, object>)ingress.At("metadata.annotations")!;
        Assert.Equal("error timeout http_502 http_503 http_504", annotations["nginx.ingress.kubernetes.io/proxy-next-upstream"]);
        Assert.Equal("15", annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"]);
        Assert.Equal("nginx", ingress.Text("spec.ingressClassName"));
        Assert.Equal("orders-tls", ingress.Text("spec.tls[0].secretName"));
    }

    [Fact]
    public async Task Ingress_routes_services_by_path_and_host()
    {
        var ingress = (await StackRun.Of(Modes.All["nginx, external"])).One(Ingress);

        var routes = ingress.List("spec.rules").SelectMany(rule => ((IEnumerable<object>)Declared.Walk(rule, "http.paths")!)
            .Select(
                path => $"{Declared.Walk(rule, "host")}{Declared.Walk(path, "path")} → "
                        + $"{Declared.Walk(path, "backend.service.name")}:{Declared.Walk(path, "backend.service.port.number")}"));
        Assert.Equal(
            ["orders.example.com/ → orders:8080", "orders.example.com/billing → billing:8083", "search.example.com/ → search:8080"],
            routes.Order(StringComparer.Ordinal));
    }
}
