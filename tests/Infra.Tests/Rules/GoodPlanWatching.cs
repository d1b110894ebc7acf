using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>The alarms and Prometheus rules of <see cref="GoodPlan"/>.</summary>
internal static class GoodPlanWatching
{
    private const string OfGroup = """{"LoadBalancer":"app/balancer/1","TargetGroup":"targetgroup/orders/1"}""";
    private const string OfBalancer = """{"LoadBalancer":"app/balancer/1"}""";

    internal static IEnumerable<PlanResource> Resources() =>
    [
        Alarm("unhealthy-hosts", "UnHealthyHostCount", OfGroup, "GreaterThanThreshold", 0, "notBreaching"),
        Alarm("healthy-hosts", "HealthyHostCount", OfGroup, "LessThanThreshold", 2, "breaching"),
        Alarm("balancer-5xx", "HTTPCode_ELB_5XX_Count", OfBalancer, "GreaterThanThreshold", 5, "notBreaching"),
        Alarm("target-5xx", "HTTPCode_Target_5XX_Count", OfGroup, "GreaterThanThreshold", 5, "notBreaching"),
        Alarm("latency", "TargetResponseTime", OfGroup, "GreaterThanThreshold", 1, "notBreaching", "\"extendedStatistic\":\"p99\","),
        GoodPlan.Resource(ResourceTypes.MetricAlarm, "healthy-but-failing", $$$"""
            {"comparisonOperator":"GreaterThanThreshold","threshold":0,"evaluationPeriods":2,"treatMissingData":"notBreaching","alarmActions":["arn:sns"],
             "metricQueries":[{"id":"failing","expression":"IF(unhealthy == 0, errors, 0)","returnData":true},
              {"id":"errors","metric":{"namespace":"AWS/ApplicationELB","metricName":"HTTPCode_Target_5XX_Count","period":60,"stat":"Sum","dimensions":{{{OfGroup}}}}},
              {"id":"unhealthy","metric":{"namespace":"AWS/ApplicationELB","metricName":"UnHealthyHostCount","period":60,"stat":"Maximum","dimensions":{{{OfGroup}}}}}]}
            """),
        GoodPlan.Kubernetes(ResourceTypes.PrometheusRule, "orders", """
            {"spec":{"groups":[{"name":"orders","rules":[
              {"alert":"HealthCheckVsErrorRateMismatch","for":"2m","labels":{"severity":"critical"},"annotations":{"runbook_url":"https://runbooks.example.com/mismatch"},
               "expr":"sum by (namespace) (rate(candor_http_requests_total{status=\"5xx\"}[5m])) > 0 and on (namespace) min by (namespace) (candor_health_ready) == 1"}]}]}}
            """),
    ];

    private static PlanResource Alarm(string name, string metric, string dimensions, string comparison, double threshold, string missing, string further = "") =>
        GoodPlan.Resource(ResourceTypes.MetricAlarm, name, $$"""
            {"namespace":"AWS/ApplicationELB","metricName":"{{metric}}","dimensions":{{dimensions}},"comparisonOperator":"{{comparison}}","threshold":{{threshold}},
             {{further}}"period":60,"evaluationPeriods":2,"treatMissingData":"{{missing}}","alarmActions":["arn:sns"]}
            """);
}
