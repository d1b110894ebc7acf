namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class BalancerTests
{
    private const string Alb = "aws:lb/loadBalancer:LoadBalancer";
    private const string Listener = "aws:lb/listener:Listener";

    [Fact]
    public async Task Balancer_of_prod_is_safe_by_default()
    {
        var run = await StackRun.Of(StackInputs.Prod());
        var balancer = run.One(Alb);

        Assert.Equal(true, balancer.At("dropInvalidHeaderFields"));
        Assert.Equal(true, balancer.At("enableDeletionProtection"));
        Assert.Equal("defensive", balancer.Text("desyncMitigationMode"));
        Assert.Equal("logs", balancer.Text("accessLogs.bucket"));
        Assert.Equal("dualstack", balancer.Text("ipAddressType"));
        Assert.Equal(60, balancer.Number("idleTimeout"));
        Assert.True(run.OptionsOf(balancer).Protect);
    }

    [Fact]
    public async Task Listeners_with_a_certificate_redirect_and_serve_TLS()
    {
        var run = await StackRun.Of(StackInputs.Prod());

        var http = run.One(Listener, "http");
        var https = run.One(Listener, "https");
        Assert.Equal(("redirect", "HTTPS", "443", "HTTP_301"), (
            http.Text("defaultActions[0].type"),
            http.Text("defaultActions[0].redirect.protocol"),
            http.Text("defaultActions[0].redirect.port"),
            http.Text("defaultActions[0].redirect.statusCode")));
        Assert.Equal("arn:aws:acm:eu-west-1:123456789012:certificate/1", https.Text("certificateArn"));
        Assert.StartsWith("ELBSecurityPolicy-TLS13-", https.Text("sslPolicy"), StringComparison.Ordinal);
        Assert.Equal(run.Outputs["targetGroupArn"], https.Text("defaultActions[0].targetGroupArn"));
        Assert.Equal("https://balancer.example.com/", run.Outputs["url"]);
    }

    [Fact]
    public async Task Listener_without_a_certificate_serves_HTTP_only()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var listener = run.One(Listener);
        Assert.Equal((80, "forward"), (listener.Number("port"), listener.Text("defaultActions[0].type")));
    }

    [Fact]
    public async Task Domain_and_zone_make_a_validated_certificate_and_a_record()
    {
        var run = await StackRun.Of(Modes.All["alb, domain and zone"]);

        Assert.Equal("DNS", run.One("aws:acm/certificate:Certificate").Text("validationMethod"));
        var proof = run.One("aws:route53/record:Record", "certificate-proof");
        Assert.Equal(("_proof.orders.example.com.", "CNAME", "Z123"), (proof.Text("name"), proof.Text("type"), proof.Text("zoneId")));
        var domain = run.One("aws:route53/record:Record", "domain");
        Assert.Equal(("orders.example.com", "balancer.example.com"), (domain.Text("name"), domain.Text("aliases[0].name")));
        Assert.Equal(true, domain.At("aliases[0].evaluateTargetHealth"));
        Assert.Equal("https://orders.example.com/", run.Outputs["url"]);
        // The listener takes the ARN of the validation, so that it waits until the certificate is issued.
        Assert.Equal(
            run.One("aws:acm/certificateValidation:CertificateValidation").Text("certificateArn"),
            run.One(Listener, "https").Text("certificateArn"));
    }

    [Fact]
    public async Task Further_services_have_rules_target_groups_and_contracts_of_their_own()
    {
        var run = await StackRun.Of(Modes.All["alb, several services"]);

        var billing = run.One("aws:lb/targetGroup:TargetGroup", "billing");
        Assert.Equal(("8083", 8), (billing.Text("healthCheck.port"), billing.Number("healthCheck.interval")));
        Assert.Equal(10, run.One("aws:lb/targetGroup:TargetGroup", "orders").Number("healthCheck.interval"));
        var byPath = run.One("aws:lb/listenerRule:ListenerRule", "billing");
        var byHost = run.One("aws:lb/listenerRule:ListenerRule", "search");
        Assert.Equal("/billing/*", byPath.Text("conditions[0].pathPattern.values[0]"));
        Assert.Equal("search.example.com", byHost.Text("conditions[0].hostHeader.values[0]"));
        Assert.NotEqual(byPath.Number("priority"), byHost.Number("priority"));
        Assert.Equal(4, run.One("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "search").Number("spec.minReplicas"));
        Assert.Equal(
            ["ConnectionStrings__database"],
            ((IReadOnlyDictionary<string, object>)run.One("kubernetes:core/v1:Secret", "billing").At("stringData")!).Keys);
    }

    [Fact]
    public async Task Web_ACL_stands_in_front_of_the_balancer_where_one_is_configured()
    {
        var association = (await StackRun.Of(StackInputs.Prod())).One("aws:wafv2/webAclAssociation:WebAclAssociation");
        Assert.EndsWith(":balancer", association.Text("resourceArn"), StringComparison.Ordinal);
        Assert.Empty((await StackRun.Of(StackInputs.Prod().Without("webAclArn"))).OfType("aws:wafv2/webAclAssociation:WebAclAssociation"));
    }

    [Fact]
    public async Task Weighted_targets_mitigate_anomalies()
    {
        var group = (await StackRun.Of(Modes.All["alb, weighted"])).One("aws:lb/targetGroup:TargetGroup");

        Assert.Equal(
            ("weighted_random", "on", 0),
            (group.Text("loadBalancingAlgorithmType"), group.Text("loadBalancingAnomalyMitigation"), group.Number("slowStart")));
    }
}
