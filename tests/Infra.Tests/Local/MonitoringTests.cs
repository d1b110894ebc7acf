using System.Net;
using System.Text.Json.Nodes;
using Candor.Local;
using Candor.Planning;

namespace Candor.Infra.Tests.Local;

public sealed class MonitoringTests
{
    private static readonly MonitoringAddresses _addresses = new(
        new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2), new(IPAddress.Loopback, 3));

    [Theory]
    [InlineData("rate(errors_total[5m]) > 0.1", "rate(errors_total[60000ms]) > 0.1")]
    [InlineData("max_over_time(up[1h30m:1m] offset 1d)", "max_over_time(up[1080000ms:12000ms] offset 17280000ms)")]
    [InlineData("job:errors:rate5m > 5 and node_5m", "job:errors:rate5m > 5 and node_5m")]
    [InlineData("up{path=~\"/[0-9]m/5m\",pod='1h'} # for 5m", "up{path=~\"/[0-9]m/5m\",pod='1h'} # for 5m")]
    public void Windows_of_an_expression_are_divided_by_the_speed_and_nothing_else_is(string expression, string scaled)
    {
        Assert.Equal(scaled, AlertingRules.Expression(expression, 5));
        Assert.Equal(expression, AlertingRules.Expression(expression, 1));
    }

    [Fact]
    public void Rule_keeps_everything_but_its_durations()
    {
        var groups = PlanValue.From(JsonNode.Parse("""
            [{"name":"g","interval":"30s","rules":[{"alert":"A","expr":"sum(rate(x[2m])) > 3","for":"4m","labels":{"severity":"page"},"annotations":{"summary":"for 4m"}}]}]
            """)).Items;

        var file = AlertingRules.File(new([], [], [.. groups]), 10);

        var wanted = JsonNode.Parse("""
            {"groups":[{"name":"g","interval":"3000ms","rules":[{"alert":"A","expr":"sum(rate(x[12000ms])) > 3","for":"24000ms","labels":{"severity":"page"},"annotations":{"summary":"for 4m"}}]}]}
            """);
        Assert.True(JsonNode.DeepEquals(wanted, file), file.ToJsonString());
    }

    [Fact]
    public void Clouds_address_of_a_probe_is_asked_of_the_local_balancer_by_the_exporter()
    {
        var spec = new MonitoringSpec([], [new("outside", "http_2xx", "10s", "5s", ["https://orders.example.com/health?scope=all"])], []);

        var probe = PrometheusConfiguration.Prometheus(
            spec, 10, "rules.yml", _ => string.Empty, _addresses, new("http://127.0.0.1:8000"))["scrape_configs"]![0]!;

        Assert.Equal("http://127.0.0.1:8000/health?scope=all", (string?)probe["static_configs"]![0]!["targets"]![0]);
        Assert.Equal("500ms", (string?)probe["scrape_timeout"]);
        Assert.Contains(probe["relabel_configs"]!.AsArray(), rule => (string?)rule!["replacement"] == "127.0.0.1:2");
    }

    [Fact]
    public void Alerts_are_sent_to_the_alertmanager_of_the_run()
    {
        var file = PrometheusConfiguration.Prometheus(
            new([], [], []), 1, "rules.yml", _ => string.Empty, _addresses, new("http://127.0.0.1:8000"));

        Assert.Equal("127.0.0.1:3", (string?)file["alerting"]!["alertmanagers"]![0]!["static_configs"]![0]!["targets"]![0]);
        Assert.Equal("rules.yml", (string?)file["rule_files"]![0]);
    }
}
