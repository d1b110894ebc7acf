using System.Globalization;
using Candor.Contract;
using Candor.Contract.Metrics;
using Candor.Program.Config;

namespace Candor.Program.Prometheus;

/// <summary>
/// The alerts of one service. Every metric is one of <see cref="MetricNames"/>, which the app exposes from the same list; every time
/// is the contract's or its timeline's.
/// </summary>
internal sealed class Alerts
{
    private const string Page = "page";
    private const string Ticket = "ticket";

    private readonly ServiceConfig _service;
    private readonly StackConfig _config;

    private Alerts(ServiceConfig service, StackConfig config) => (_service, _config) = (service, config);

    /// <summary>The rules of a service.</summary>
    public static PrometheusRuleSpecArgs Of(ServiceConfig service, StackConfig config)
    {
        var alerts = new Alerts(service, config);
        return new()
        {
            Groups =
            {
                alerts.Group("errors", alerts.FastBurn(), alerts.SlowBurn(), alerts.Mismatch()),
                alerts.Group("health", alerts.NotReady(), alerts.PoolSaturated(), alerts.BreakerOpen(), alerts.OtherContract()),
            },
        };
    }

    // Windows and factors of the multi-window burn-rate alerts: Google's SRE workbook, chapter 5, table 5-8.
    private AlertArgs FastBurn() => Alert(
        "ErrorBudgetBurnsFast",
        Page,
        TimeSpan.FromMinutes(2),
        $"{ErrorRatio("1h")} > {Burn(14.4m)} and {ErrorRatio("5m")} > {Burn(14.4m)}",
        "a month's error budget would be gone in two days");

    private AlertArgs SlowBurn() => Alert(
        "ErrorBudgetBurnsSlowly",
        Ticket,
        TimeSpan.FromMinutes(15),
        $"{ErrorRatio("6h")} > {Burn(6m)} and {ErrorRatio("30m")} > {Burn(6m)}",
        "a month's error budget would be gone in five days");

    /// <summary>The one that health checks cannot see.</summary>
    private AlertArgs Mismatch() => Alert(
        "HealthCheckVsErrorRateMismatch",
        Page,
        _service.Timeline.BalancerNoticesFailure.Worst,
        $"min({MetricNames.HealthReady.Name}{Own}) == 1 and on() ({ErrorRatio("5m")} > {Burn(14.4m)})",
        "every instance reports ready while users get errors: the health check misses something");

    private AlertArgs NotReady() => Alert(
        "InstanceNotReady",
        Ticket,
        _service.Timeline.RollingUpdate.Worst,
        $"{MetricNames.HealthReady.Name}{Own} == 0 and {MetricNames.DrainingSince.Name}{Own} == 0",
        "an instance has not been ready for longer than a rolling update takes");

    // A scrape sees one moment, and the queue of a saturated pool is empty in some of them: so the most within a minute, for longer than
    // that minute, so that one burst does not count.
    private AlertArgs PoolSaturated() => Alert(
        "ConnectionPoolSaturated",
        Ticket,
        TimeSpan.FromMinutes(2),
        $"max_over_time({MetricNames.PoolWaiting.Name}{Own}[1m]) > 0 and "
        + $"max_over_time({MetricNames.PoolInUse.Name}{Own}[1m]) >= {MetricNames.PoolMaximum.Name}{Own}",
        "callers wait for connections and the pool is at its maximum");

    private AlertArgs BreakerOpen() => Alert(
        "CircuitBreakerOpen",
        Ticket,
        _service.Timeline.BalancerNoticesFailure.Worst,
        $"{MetricNames.BreakerState.Name}{Own} == 2",
        "a circuit breaker is open: the service no longer calls a dependency that kept failing");

    private AlertArgs OtherContract() => Alert(
        "ContractDrift",
        Ticket,
        _service.Timeline.RollingUpdate.Worst,
        $"{MetricNames.ContractInfo.Name}{{job=\"{_service.Name}\",namespace=\"{_config.Namespace}\",hash!=\"{_service.Hash}\"}} == 1",
        "an instance runs with a different health contract from the infrastructure's");

    private string Own => $"{{job=\"{_service.Name}\",namespace=\"{_config.Namespace}\"}}";

    private string ErrorRatio(string window)
    {
        var metric = MetricNames.HttpRequests.Name;
        var all = $"job=\"{_service.Name}\",namespace=\"{_config.Namespace}\"";
        return $"(sum(rate({metric}{{{all},status=\"5xx\"}}[{window}])) / sum(rate({metric}{{{all}}}[{window}])))";
    }

    private string Burn(decimal factor) => (_config.Watching.ErrorBudget * factor).ToString("0.########", CultureInfo.InvariantCulture);

    private RuleGroupArgs Group(string name, params AlertArgs[] alerts)
    {
        var group = new RuleGroupArgs { Name = $"{_service.Name}-{name}" };
        foreach (var alert in alerts)
        {
            group.Rules.Add(alert);
        }

        return group;
    }

    private AlertArgs Alert(string name, string severity, TimeSpan lasting, string expression, string summary) => new()
    {
        Alert = name,
        Expr = expression,
        For = DurationText.Format(lasting),
        Labels = { ["severity"] = severity, ["service"] = _service.Name },
        Annotations = { ["summary"] = $"{_service.Name}: {summary}", ["runbook_url"] = $"{_config.Watching.RunbookUrl}/{name}" },
    };
}
