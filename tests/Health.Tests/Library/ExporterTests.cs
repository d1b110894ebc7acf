using System.Text;
using Candor.Contract.Metrics;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Candor.Health.Tests.Library;

/// <summary>An OpenTelemetry exporter sees what the management port's text shows.</summary>
public sealed class ExporterTests
{
    [Fact]
    public async Task Otlp_exporter_sends_every_metric_of_the_list()
    {
        var received = new List<byte[]>();
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add($"http://127.0.0.1:{port}");
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            lock (received)
            {
                received.Add(body.ToArray());
            }

            return Results.Ok();
        });
        await collector.StartAsync();

        await using (var app = await RunningApp.StartAsync(build: web => web.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Candor.Health")
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new($"http://127.0.0.1:{port}/v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 200;
            }))))
        {
            await app.StartedAsync();
            await app.ReadinessAsync();
            await Eventually.TrueAsync(() => Text().Contains(MetricNames.HealthReady.Name, StringComparison.Ordinal), "the collector has metrics");

            // What has samples in the text has them at the collector.
            var shown = (await app.Management.GetStringAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]).Distinct().ToList();
            await Eventually.TrueAsync(() => shown.All(name => Text().Contains(name, StringComparison.Ordinal)), $"the collector has {string.Join(", ", shown)}");
        }

        string Text()
        {
            lock (received)
            {
                return string.Concat(received.Select(Encoding.Latin1.GetString));
            }
        }
    }
}
