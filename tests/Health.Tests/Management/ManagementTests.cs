using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Candor.Contract;
using Candor.Contract.Metrics;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Tests.Management;

/// <summary>The port for people and Prometheus.</summary>
public sealed class ManagementTests
{
    [Fact]
    public async Task Every_metric_of_the_list_is_exposed_with_its_type_help_and_labels_and_no_other()
    {
        await using var app = await (await RunningApp.StartAsync(new() { Canary = new() { Route = "/" } }, map: Hello)).StartedAsync();
        await app.Public.GetAsync("/");
        await app.ReadinessAsync();

        var text = await app.Management.GetStringAsync("/metrics");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach (var metric in MetricNames.All)
        {
            Assert.Contains($"# HELP {metric.Name} {metric.Help}", lines);
            Assert.Contains($"# TYPE {metric.Name} {(metric.Type == MetricType.Counter ? "counter" : "gauge")}", lines);
            foreach (var line in lines.Where(line => line.StartsWith(metric.Name + "{", StringComparison.Ordinal)))
            {
                Assert.Equal(metric.Labels, line[(line.IndexOf('{', StringComparison.Ordinal) + 1)..line.IndexOf('}', StringComparison.Ordinal)].Split(',').Select(label => label.Split('=')[0]));
            }
        }

        var exposed = lines.Where(line => line[0] != '#').Select(line => line.Split('{', ' ')[0]).Distinct();
        Assert.Empty(exposed.Except(MetricNames.All.Select(metric => metric.Name)));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_is_an_instrument_of_the_meter_with_the_same_labels_as_the_text()
    {
        await using var app = await (await RunningApp.StartAsync(map: Hello)).StartedAsync();
        await app.Public.GetAsync("/");
        await app.ReadinessAsync();
        var seen = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            // Other tests of this process have meters of the same name; each belongs to an app's own factory.
            if (instrument.Meter.Name == "Candor.Health" && instrument.Meter.Scope == app.App.Services.GetRequiredService<IMeterFactory>())
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            var labels = tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}");
            (CollectionsMarshal.GetValueRefOrAddDefault(seen, instrument.Name, out _) ??= []).Add(string.Join(',', labels));
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Contains("operation=GET /,outcome=served", seen["candor_operation_requests_total"]);
        Assert.Contains("status=2xx", seen["candor_http_requests_total"]);
        var exposed = (await app.Management.GetStringAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]).Distinct();
        Assert.Empty(exposed.Except(seen.Keys));
    }

    [Fact]
    public async Task Metrics_count_requests_of_users_by_class_and_probes_by_path()
    {
        await using var app = await (await RunningApp.StartAsync(map: web =>
        {
            Hello(web);
            web.MapGet("/fail", IResult () => throw new InvalidOperationException());
        })).StartedAsync();
        await app.Public.GetAsync("/");
        await app.Public.GetAsync("/fail");
        await app.Public.GetAsync("/nowhere");
        await app.Public.GetAsync("/health");

        var metrics = await app.Management.GetStringAsync("/metrics");

        Assert.Contains("candor_http_requests_total{status=\"2xx\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("candor_http_requests_total{status=\"4xx\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("candor_http_requests_total{status=\"5xx\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("candor_probe_answers_total{path=\"readiness\",code=\"200\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("candor_health_state{state=\"ready\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"candor_contract_info{{hash=\"{ContractHash.Of(app.Contract)}\"}} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contract_is_shown_as_it_was_loaded()
    {
        await using var app = await RunningApp.StartAsync();

        Assert.Equal(ContractJson.Serialize(app.Contract), await app.Management.GetStringAsync("/contract"));
    }

    [Fact]
    public async Task Management_is_not_served_on_the_public_port_nor_the_app_on_the_management_port()
    {
        await using var app = await (await RunningApp.StartAsync(map: Hello)).StartedAsync();

        foreach (var path in new[] { "/metrics", "/drain", "/contract" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await app.Public.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.Management.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.Management.PostAsync("/metrics", null)).StatusCode);
    }

    [Fact]
    public async Task Drain_by_hand_answers_503_at_once_continues_serving_and_closes_connections()
    {
        await using var app = await (await RunningApp.StartAsync(map: Hello)).StartedAsync();
        using var idle = JsonDocument.Parse(await app.Management.GetStringAsync("/drain"));
        Assert.False(idle.RootElement.GetProperty("draining").GetBoolean());

        Assert.Equal(HttpStatusCode.Accepted, (await app.Management.PostAsync("/drain", null)).StatusCode);

        var (status, body) = await app.ReadinessAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await app.Public.GetAsync("/healthz")).StatusCode);
        using var user = await app.Public.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, user.StatusCode);
        Assert.True(user.Headers.ConnectionClose);
        using var draining = JsonDocument.Parse(await app.Management.GetStringAsync("/drain"));
        Assert.Equal("POST /drain", draining.RootElement.GetProperty("cause").GetString());
        Assert.Equal(1, draining.RootElement.GetProperty("probers")[0].GetProperty("told").GetInt32());
    }

    private static void Hello(WebApplication app) => app.MapGet("/", () => "hello");
}
