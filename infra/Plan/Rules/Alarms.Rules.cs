namespace Candor.Planning.Rules;

internal sealed partial class Alarms
{
    internal static readonly Rule Complete = new()
    {
        Id = "AL001",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        Holds = "there are alarms for unhealthy hosts, healthy hosts below the minimum, balancer 5xx, target 5xx, p99 latency and healthy-but-failing, each with an action",
        Why = "When health and users' results disagree, only users' complaints would show it.",
        Fix = "Add the alarm, with an action.",
        Example = "no alarm for healthy but failing, expected a MetricAlarm on it",
        Counterparts = new(Checkov: "CKV_AWS_319 (that actions are not disabled)"),
    };

    internal static readonly Rule MissingData = new()
    {
        Id = "AL002",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        Holds = "treatMissingData is explicit, and breaching for healthy hosts",
        Why = "When the last target is gone there is no data about it, and by default the alarm stays silent.",
        Fix = "Set treatMissingData.",
        Example = "treatMissingData is \"missing\", expected \"breaching\"",
    };

    internal static readonly Rule Window = new()
    {
        Id = "AL003",
        Severity = Severity.Warning,
        Holds = "an alarm's window covers the time until the balancer notices a failure, and a normal rollout does not trigger it",
        Why = "An alarm that fires for what the balancer mends by itself, or at every deployment, is soon ignored.",
        Fix = "Raise the period or the datapoints, or lower the threshold.",
        Example = "period × datapointsToAlarm is 30s, expected at least the time until the balancer notices a failure (35s)",
    };

    internal static readonly Rule Prometheus = new()
    {
        Id = "AL004",
        Severity = Severity.Error,
        Holds = "every metric and label in a Prometheus rule is one that the app exposes, and for, severity and a runbook link are there",
        Why = "A rule about a metric that does not exist never fires, without any error.",
        Fix = "Use the app's metrics, and add for, labels.severity and annotations.runbook_url.",
        Example = "spec.groups[0].rules[0].expr is about \"candor_http_request_total\", expected a metric that the app exposes; the nearest is \"candor_http_requests_total\"",
    };
}
