using System.Globalization;
using Candor.Contract;
using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Aws.CloudWatch;
using Pulumi.Aws.CloudWatch.Inputs;
using Pulumi.Aws.LB;

namespace Candor.Program.Alarms;

/// <summary>The alarms of one service, and the composite of them that pages once.</summary>
public sealed class ServiceAlarms : StackComponent
{
    /// <summary>
    /// How many times faster than the target allows the error budget burns when it is urgent: at 14.4 a month's budget is gone in
    /// two days (Google's SRE workbook, chapter 5).
    /// </summary>
    private const decimal UrgentBurn = 14.4m;

    private readonly ServiceConfig _service;
    private readonly LoadBalancer _balancer;
    private readonly TargetGroup _target;
    private readonly Input<string> _topic;
    private readonly Scope _scope;

    /// <summary>Makes the alarms of a service.</summary>
    public ServiceAlarms(ServiceConfig service, WatchingConfig watching, PublicBalancer balancer, AlarmTopics topics, ProviderResource aws)
        : base("alarms:Service", $"{service?.Name ?? throw new ArgumentNullException(nameof(service))}-alarms", null)
    {
        ArgumentNullException.ThrowIfNull(watching);
        ArgumentNullException.ThrowIfNull(balancer);
        ArgumentNullException.ThrowIfNull(topics);
        (_service, _balancer, _target, _topic, _scope) = (
            service, balancer.LoadBalancer, balancer.TargetGroups[service.Name], topics.Every, new(aws, this));
        var timeline = service.Timeline;
        All =
        [
            Unhealthy(AlarmWindow.BeyondRollout(timeline)),
            TooFewHealthy(AlarmWindow.Detection(timeline)),
            BalancerFails(AlarmWindow.Detection(timeline)),
            TargetsFail(AlarmWindow.BeyondRollout(timeline)),
            Slow(watching, AlarmWindow.BeyondRollout(timeline)),
            HealthyButFailing(watching, AlarmWindow.Detection(timeline)),
        ];
        Page = new CompositeAlarm(
            $"{service.Name}-page",
            new()
            {
                AlarmName = AlarmNames.Of(service, "page"),
                AlarmDescription = $"Users of {service.Name} are affected. One page, whichever alarms fire.",
                AlarmRule = string.Join(" OR ", Names.Select(name => $"ALARM(\"{AlarmNames.Of(service, name)}\")")),
                AlarmActions = { topics.Page },
                OkActions = { topics.Page },
            },
            _scope.Options(All));
        RegisterOutputs();
    }

    /// <summary>The alarms, each of which notifies the topic of every alarm.</summary>
    public IReadOnlyList<MetricAlarm> All { get; }

    /// <summary>The composite that pages.</summary>
    public CompositeAlarm Page { get; }

    private static IReadOnlyList<string> Names =>
        ["unhealthy-targets", "too-few-healthy", "balancer-5xx", "target-5xx", "slow", "healthy-but-failing"];

    /// <summary>As many errors in a minute as would make one instance call itself unhealthy.</summary>
    private int ErrorsPerMinute =>
        Math.Max(1, (int)Math.Ceiling(_service.Contract.Watchdog.ErrorMinimumVolume * _service.Contract.Watchdog.ErrorRatio));

    private MetricAlarm Unhealthy(AlarmWindow window) => Make("unhealthy-targets", window, new()
    {
        AlarmDescription = $"A target of {_service.Name} has been unhealthy for longer than a rolling update takes.",
        MetricName = BalancerMetrics.UnhealthyHosts,
        Dimensions = BalancerMetrics.Of(_balancer, _target),
        Statistic = "Maximum",
        ComparisonOperator = "GreaterThanThreshold",
        Threshold = 0,
        // Without targets the metric is silent, and the next alarm speaks.
        TreatMissingData = "notBreaching",
    });

    private MetricAlarm TooFewHealthy(AlarmWindow window) => Make("too-few-healthy", window, new()
    {
        AlarmDescription = $"{_service.Name} has fewer healthy targets than its contract's minimum: the balancer fails open.",
        MetricName = BalancerMetrics.HealthyHosts,
        Dimensions = BalancerMetrics.Of(_balancer, _target),
        Statistic = "Minimum",
        ComparisonOperator = "LessThanThreshold",
        Threshold = _service.Contract.Routing.MinimumHealthyTargets,
        TreatMissingData = "breaching",
    });

    private MetricAlarm BalancerFails(AlarmWindow window) => Make("balancer-5xx", window, new()
    {
        AlarmDescription = "The balancer itself answers 5xx: it finds no target, or one that does not answer.",
        MetricName = BalancerMetrics.BalancerErrors,
        Dimensions = BalancerMetrics.Of(_balancer),
        Statistic = "Sum",
        ComparisonOperator = "GreaterThanOrEqualToThreshold",
        Threshold = ErrorsPerMinute,
        TreatMissingData = "notBreaching",
    });

    private MetricAlarm TargetsFail(AlarmWindow window) => Make("target-5xx", window, new()
    {
        AlarmDescription = $"{_service.Name} keeps answering 5xx.",
        MetricName = BalancerMetrics.TargetErrors,
        Dimensions = BalancerMetrics.Of(_balancer, _target),
        Statistic = "Sum",
        ComparisonOperator = "GreaterThanOrEqualToThreshold",
        Threshold = ErrorsPerMinute,
        TreatMissingData = "notBreaching",
    });

    private MetricAlarm Slow(WatchingConfig watching, AlarmWindow window) => Make("slow", window, new()
    {
        AlarmDescription = $"One request in a hundred to {_service.Name} takes longer than its limit.",
        MetricName = BalancerMetrics.Latency,
        Dimensions = BalancerMetrics.Of(_balancer, _target),
        ExtendedStatistic = "p99",
        EvaluateLowSampleCountPercentiles = "ignore",
        ComparisonOperator = "GreaterThanThreshold",
        Threshold = watching.LatencyLimit.TotalSeconds,
        TreatMissingData = "notBreaching",
    });

    /// <summary>The one that health checks cannot see: every target passes its probes, and users get errors.</summary>
    private MetricAlarm HealthyButFailing(WatchingConfig watching, AlarmWindow window)
    {
        var volume = _service.Contract.Watchdog.ErrorMinimumVolume.ToString(CultureInfo.InvariantCulture);
        return Make("healthy-but-failing", window, new()
        {
            AlarmDescription = $"Every target of {_service.Name} passes its health check while users get 5xx: the check misses something.",
            MetricQueries =
            {
                BalancerMetrics.Term("unhealthy", BalancerMetrics.UnhealthyHosts, "Maximum", _balancer, _target),
                BalancerMetrics.Term("errors", BalancerMetrics.TargetErrors, "Sum", _balancer, _target),
                BalancerMetrics.Term("requests", BalancerMetrics.Requests, "Sum", _balancer, _target),
                new MetricAlarmMetricQueryArgs
                {
                    Id = "mismatch",
                    Label = "Share of failed requests while every target is healthy",
                    Expression = $"IF(FILL(unhealthy, 0) == 0 AND FILL(requests, 0) >= {volume}, FILL(errors, 0) / requests, 0)",
                    ReturnData = true,
                },
            },
            ComparisonOperator = "GreaterThanThreshold",
            Threshold = (double)(watching.ErrorBudget * UrgentBurn),
            TreatMissingData = "notBreaching",
        });
    }

    private MetricAlarm Make(string what, AlarmWindow window, MetricAlarmArgs args)
    {
        args.Name = AlarmNames.Of(_service, what);
        args.EvaluationPeriods = window.Minutes;
        args.DatapointsToAlarm = window.Minutes;
        args.AlarmActions.Add(_topic);
        args.OkActions.Add(_topic);
        if (args.MetricName is not null)
        {
            args.Namespace = BalancerMetrics.Namespace;
            args.Period = AlarmWindow.PeriodSeconds;
        }

        return new($"{_service.Name}-{what}", args, _scope.Options());
    }
}

/// <summary>Names of alarms. They are fixed, because a composite alarm names the others in its rule.</summary>
internal static class AlarmNames
{
    /// <summary>The name of a service's alarm.</summary>
    public static string Of(ServiceConfig service, string what) => $"candor-{Deployment.Instance.StackName}-{service.Name}-{what}";

    /// <summary>The name of something of the stack.</summary>
    public static string Of(string what) => $"candor-{Deployment.Instance.StackName}-{what}";
}

/// <summary>How many minutes in a row must be bad.</summary>
/// <param name="Minutes">Evaluation periods of one minute, all of which must breach.</param>
internal readonly record struct AlarmWindow(int Minutes)
{
    /// <summary>The period of every alarm in seconds: the finest that the balancer's metrics have.</summary>
    public const int PeriodSeconds = 60;

    /// <summary>As soon as the balancer itself can have noticed.</summary>
    public static AlarmWindow Detection(ContractTimeline timeline) => Covering(timeline.BalancerNoticesFailure.Worst);

    /// <summary>Longer than a rolling update takes, so that one is no alarm.</summary>
    public static AlarmWindow BeyondRollout(ContractTimeline timeline) =>
        Covering(TimeSpan.FromTicks(Math.Max(timeline.RollingUpdate.Worst.Ticks, timeline.BalancerNoticesFailure.Worst.Ticks)));

    private static AlarmWindow Covering(TimeSpan time) => new(Math.Max(1, (int)Math.Ceiling(time.TotalSeconds / PeriodSeconds)));
}
