using System.Text.Json;
using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Aws.CloudWatch;

namespace Candor.Program.Alarms;

/// <summary>One row of pictures per service: targets, errors, latency.</summary>
internal static class HealthDashboard
{
    private const int WidgetWidth = 8;
    private const int WidgetHeight = 6;

    public static Dashboard Make(StackConfig config, PublicBalancer balancer, Resource parent, ProviderResource aws)
    {
        var suffixes = Output.All(config.Services.Select(service => balancer.TargetGroups[service.Name].ArnSuffix));
        var body = Output.Tuple(balancer.LoadBalancer.ArnSuffix, suffixes)
            .Apply(found => Render(config, found.Item1, [.. found.Item2]));
        return new("health", new() { DashboardName = AlarmNames.Of("health"), DashboardBody = body }, new Scope(aws, parent).Options());
    }

    private static string Render(StackConfig config, string balancer, string[] targets) => JsonSerializer.Serialize(new
    {
        widgets = config.Services.SelectMany((service, row) => Row(service, config.Providers.Region, row, balancer, targets[row])),
    });

    private static IEnumerable<object> Row(ServiceConfig service, string region, int row, string balancer, string target)
    {
        object[] Metric(string name, string statistic) =>
            [BalancerMetrics.Namespace, name, "LoadBalancer", balancer, "TargetGroup", target, new { stat = statistic }];

        object Widget(int column, string title, params object[][] metrics) => new
        {
            type = "metric",
            x = column * WidgetWidth,
            y = row * WidgetHeight,
            width = WidgetWidth,
            height = WidgetHeight,
            properties = new { title = $"{service.Name}: {title}", region, period = AlarmWindow.PeriodSeconds, metrics },
        };

        yield return Widget(
            0, "targets", Metric(BalancerMetrics.HealthyHosts, "Minimum"), Metric(BalancerMetrics.UnhealthyHosts, "Maximum"));
        yield return Widget(1, "requests and errors", Metric(BalancerMetrics.Requests, "Sum"), Metric(BalancerMetrics.TargetErrors, "Sum"));
        yield return Widget(2, "latency", Metric(BalancerMetrics.Latency, "p50"), Metric(BalancerMetrics.Latency, "p99"));
    }
}
