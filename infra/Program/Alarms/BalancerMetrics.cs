using Pulumi;
using Pulumi.Aws.CloudWatch.Inputs;
using Pulumi.Aws.LB;

namespace Candor.Program.Alarms;

/// <summary>The ALB's metrics in CloudWatch.</summary>
internal static class BalancerMetrics
{
    public const string Namespace = "AWS/ApplicationELB";
    public const string HealthyHosts = "HealthyHostCount";
    public const string UnhealthyHosts = "UnHealthyHostCount";
    public const string BalancerErrors = "HTTPCode_ELB_5XX_Count";
    public const string TargetErrors = "HTTPCode_Target_5XX_Count";
    public const string Latency = "TargetResponseTime";
    public const string Requests = "RequestCount";

    /// <summary>Dimensions of a metric of the whole balancer.</summary>
    public static InputMap<string> Of(LoadBalancer balancer) => new() { ["LoadBalancer"] = balancer.ArnSuffix };

    /// <summary>Dimensions of a metric of one target group.</summary>
    public static InputMap<string> Of(LoadBalancer balancer, TargetGroup target) => new()
    {
        ["LoadBalancer"] = balancer.ArnSuffix,
        ["TargetGroup"] = target.ArnSuffix,
    };

    /// <summary>A metric as a term of metric math.</summary>
    public static MetricAlarmMetricQueryArgs Term(
        string id, string metric, string statistic, LoadBalancer balancer, TargetGroup target) => new()
        {
            Id = id,
            ReturnData = false,
            Metric = new MetricAlarmMetricQueryMetricArgs
            {
                Namespace = Namespace,
                MetricName = metric,
                Stat = statistic,
                Period = AlarmWindow.PeriodSeconds,
                Dimensions = Of(balancer, target),
            },
        };
}
