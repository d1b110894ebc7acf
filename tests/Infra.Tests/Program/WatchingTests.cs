using Candor.Contract.Metrics;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

[Collection(PulumiRuns.Name)]
public class WatchingTests
{
    private const string Alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
    private const string RuleType = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

    [Fact]
    public async Task Alarms_each_notify_and_one_composite_pages()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        var alarms = run.OfType(Alarm).ToArray();
        Assert.Equal(6, alarms.Length);
        Assert.All(alarms, alarm => Assert.Equal(["arn:aws:mock:eu-west-1:123456789012:alarms"], alarm.List("alarmActions")));
        var page = run.One("aws:cloudwatch/compositeAlarm:CompositeAlarm");
        Assert.Equal(["arn:aws:mock:eu-west-1:123456789012:page"], page.List("alarmActions"));
        Assert.All(alarms, alarm => Assert.Contains($"ALARM(\"{alarm.Text("name")}\")", page.Text("alarmRule"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarm_healthy_but_failing_looks_at_errors_while_no_target_is_unhealthy()
    {
        var alarm = (await StackRun.Of(StackInputs.Dev())).One(Alarm, "orders-healthy-but-failing");

        Assert.Equal(
            ["UnHealthyHostCount", "HTTPCode_Target_5XX_Count", "RequestCount"],
            Enumerable.Range(0, 3).Select(term => alarm.Text($"metricQueries[{term}].metric.metricName")));
        Assert.Equal(
            "IF(FILL(unhealthy, 0) == 0 AND FILL(requests, 0) >= 20, FILL(errors, 0) / requests, 0)",
            alarm.Text("metricQueries[3].expression"));
        Assert.Equal(0.0144, Assert.IsType<double>(alarm.At("threshold")), 6);
        Assert.Equal("notBreaching", alarm.Text("treatMissingData"));
    }

    [Fact]
    public async Task Alarm_of_healthy_hosts_breaches_on_silence_below_the_contract_s_minimum()
    {
        var alarm = (
            await StackRun.Of(StackInputs.Dev().With(("health", """{"routing":{"minimumHealthyTargets":2}}""")))).One(
                Alarm, "orders-too-few-healthy");

        Assert.Equal(
            ("LessThanThreshold", 2, "breaching"),
            (alarm.Text("comparisonOperator"), alarm.Number("threshold"), alarm.Text("treatMissingData")));
    }

    [Fact]
    public async Task Alarm_windows_cover_detection_and_the_rollout()
    {
        var run = await StackRun.Of(StackInputs.Dev());
        var timeline = StackConfig.Read(StackInputs.Dev()).Main.Timeline;

        Assert.All(run.OfType(Alarm), alarm => Assert.True(Window(alarm) >= timeline.BalancerNoticesFailure.Worst));
        Assert.True(Window(run.One(Alarm, "orders-unhealthy-targets")) >= timeline.RollingUpdate.Worst);
    }

    [Fact]
    public async Task Topics_that_are_made_are_encrypted_with_a_key_that_alarms_may_use()
    {
        var run = await StackRun.Of(StackInputs.Dev());

        Assert.All(run.OfType("aws:sns/topic:Topic"), topic => Assert.NotNull(topic.Text("kmsMasterKeyId")));
        var key = run.One("aws:kms/key:Key");
        Assert.Equal(true, key.At("enableKeyRotation"));
        Assert.Contains("cloudwatch.amazonaws.com", key.Text("policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_that_are_configured_are_used()
    {
        const string every = "arn:aws:sns:eu-west-1:123456789012:every";
        const string page = "arn:aws:sns:eu-west-1:123456789012:page";

        var run = await StackRun.Of(StackInputs.Dev().With(("alarmTopicArn", every), ("pageTopicArn", page)));

        Assert.Empty(run.OfType("aws:sns/topic:Topic"));
        Assert.All(run.OfType(Alarm), alarm => Assert.Equal([every], alarm.List("alarmActions")));
    }

    [Fact]
    public async Task Dashboard_is_JSON_with_a_row_per_service()
    {
        var dashboard = (await StackRun.Of(Modes.All["alb, several services"])).One("aws:cloudwatch/dashboard:Dashboard");

        using var body = System.Text.Json.JsonDocument.Parse(dashboard.Text("dashboardBody")!);
        Assert.Equal(9, body.RootElement.GetProperty("widgets").GetArrayLength());
    }

    [Fact]
    public async Task Prometheus_rules_ask_only_for_metrics_of_the_app_and_say_what_to_do()
    {
        var rule = (await StackRun.Of(StackInputs.Dev())).One(RuleType);

        var alerts = rule.List("spec.groups").SelectMany(group => (IEnumerable<object>)Declared.Walk(group, "rules")!).ToArray();
        Assert.Equal(
            [
                "ErrorBudgetBurnsFast",
                "ErrorBudgetBurnsSlowly",
                "HealthCheckVsErrorRateMismatch",
                "InstanceNotReady",
                "ConnectionPoolSaturated",
                "CircuitBreakerOpen",
                "ContractDrift",
            ],
            alerts.Select(alert => Declared.Walk(alert, "alert")));
        var known = MetricNames.All.Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        Assert.All(alerts, alert =>
        {
            var expression = (string)Declared.Walk(alert, "expr")!;
            Assert.All(
                System.Text.RegularExpressions.Regex.Matches(expression, "candor_[a-z_]+"), match => Assert.Contains(match.Value, known));
            Assert.NotNull(Declared.Walk(alert, "for"));
            Assert.NotNull(Declared.Walk(alert, "labels.severity"));
            Assert.EndsWith(
                (string)Declared.Walk(alert, "alert")!, (string)Declared.Walk(alert, "annotations.runbook_url")!, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Prometheus_scrapes_a_service_of_its_own_and_probes_through_the_balancer()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("prometheusLabels", """{"release":"kube-prometheus-stack"}""")));

        var management = run.One("kubernetes:core/v1:Service", "orders-management");
        var monitor = run.One("kubernetes:monitoring.coreos.com/v1:ServiceMonitor");
        Assert.Equal(("None", 9090), (management.Text("spec.clusterIP"), management.Number("spec.ports[0].port")));
        Assert.Equal(("management", "/metrics"), (monitor.Text("spec.endpoints[0].port"), monitor.Text("spec.endpoints[0].path")));
        Assert.Equal("kube-prometheus-stack", monitor.Text("metadata.labels.release"));
        Assert.Equal(
            "http://balancer.example.com/health",
            run.One("kubernetes:monitoring.coreos.com/v1:Probe").Text("spec.targets.staticConfig.static[0]"));
    }

    [Fact]
    public async Task Prometheus_switched_off_leaves_nothing_of_it()
    {
        var run = await StackRun.Of(StackInputs.Dev().With(("prometheus", "false")));

        Assert.DoesNotContain(run.Resources, resource => resource.Type.Contains("monitoring.coreos.com", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Resources, resource => resource.Name == "orders-management");
    }

    private static TimeSpan Window(Declared alarm)
    {
        var period = alarm.At("period") is null ? alarm.Number("metricQueries[0].metric.period") : alarm.Number("period");
        return TimeSpan.FromSeconds(period * alarm.Number("datapointsToAlarm"));
    }
}
