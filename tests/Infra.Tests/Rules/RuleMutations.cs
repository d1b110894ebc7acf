using System.Text.Json;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Rules;

/// <summary>For each rule at least one change to the good Plan that this rule finds, and no other.</summary>
internal static class RuleMutations
{
    private const string Probe = GoodPlan.Container + ".livenessProbe";
    private const string BalancerEgress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::balancer-to-pods";
    private const string PodsIngress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer";
    private const string PublicIngress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::https-from-all";
    private const string PodsToDatabase = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::pods-to-database";
    private const string DatabaseFromPods = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::database-from-pods";
    private const string HealthyHosts = "aws:cloudwatch/metricAlarm:MetricAlarm::healthy-hosts";
    private const string TargetErrors = "aws:cloudwatch/metricAlarm:MetricAlarm::target-5xx";
    private const string Secret = "kubernetes:core/v1:Secret::orders";

    internal static IEnumerable<(string Rule, string What, Func<Plan, Plan> Change)> All =>
        [.. Health, .. Kubelet, .. Leaving, .. Rolling, .. Network, .. Edge, .. Elsewhere.All, .. Pods, .. Watching];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Health =>
    [
        ("HC001", "a threshold left out", plan => plan.Remove(GoodPlan.Group, "healthCheck.unhealthyThreshold")),
        ("HC001", "a check that is switched off", plan => plan.Set(GoodPlan.Group, "healthCheck.enabled", "false")),
        ("HC001", "the path left out", plan => plan.Remove(GoodPlan.Group, "healthCheck.path")),
        ("HC002", "F101: another port than the app listens on", plan => plan.Set(GoodPlan.Group, "healthCheck.port", "\"8081\"")),
        ("HC002", "F104: a path that the app does not map", plan => plan.Set(GoodPlan.Group, "healthCheck.path", "\"/status\"")),
        ("HC002", "the liveness path, which knows no dependency", plan => plan.Set(GoodPlan.Group, "healthCheck.path", "\"/healthz\"")),
        ("HC002", "HTTPS against a plain port", plan => plan.Set(GoodPlan.Group, "healthCheck.protocol", "\"HTTPS\"")),
        ("HC002", "a readiness path that the app does not map", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.path", "\"/ready\"")),
        ("HC002", "a readiness port on which the app does not listen", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.port", "8081")),
        ("HC002", "a startup probe on the deep path", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.httpGet.path", "\"/health\"")),
        ("HC002", "a probe on the management port", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.httpGet.port", "9090")),
        ("HC002", "a probe of another host", plan => plan.Set(GoodPlan.Deployment, Probe + ".httpGet.host", "\"localhost\"")),
        ("HC002", "a probe that only connects", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.tcpSocket", "{\"port\":8080}").Remove(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.httpGet")),
        ("HC003", "a timeout as long as the interval", plan => plan.Set(GoodPlan.Group, "healthCheck.timeout", "10")),
        ("HC003", "a threshold out of range", plan => plan.Set(GoodPlan.Group, "healthCheck.healthyThreshold", "11")),
        ("HC004", "a matcher that accepts everything", plan => plan.Set(GoodPlan.Group, "healthCheck.matcher", "\"200-599\"")),
        ("HC004", "a matcher that the app never meets", plan => plan.Set(GoodPlan.Group, "healthCheck.matcher", "\"204\"")),
        ("HC004", "other codes than the contract's", plan => plan.Set(GoodPlan.Group, "healthCheck.matcher", "\"200-299\"")),
        ("HC005", "F107: a host filter", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".env[2]", "{\"name\":\"AllowedHosts\",\"value\":\"orders.example.com\"}")),
        ("HC005", "F107: a redirect before the path that blackbox asks", plan => plan.With(Blackbox("http://orders.example.com/health"))),
        ("HC006", "F105: a timeout within the app's budget", plan => plan.Set(GoodPlan.Group, "healthCheck.timeout", "2")),
        ("HC007", "no minimum of healthy targets", plan => plan.Remove(GoodPlan.Group, "targetGroupHealth")),
        ("HC007", "readiness with another scope than the contract's routing", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.path", "\"/health\"")),
        ("HC007", "a choice that takes out every pod at once", plan => plan.Choosing(SharedFailure.Eject)),
        ("HC008", "a slow interval", plan => plan.Set(GoodPlan.Group, "healthCheck.interval", "20").LongAlarms()),
        ("HC008", "a high threshold", plan => plan.Set(GoodPlan.Group, "healthCheck.unhealthyThreshold", "5")),
        ("HC009", "a progress deadline too short for the balancer", plan => plan.Set(GoodPlan.Deployment, "spec.progressDeadlineSeconds", "20")),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Kubelet =>
    [
        ("PR001", "no readiness probe", plan => plan.Remove(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe")),
        ("PR002", "no liveness probe", plan => plan.Remove(GoodPlan.Deployment, GoodPlan.Container + ".livenessProbe")),
        ("PR003", "no startup probe of the database", plan => plan.Remove(GoodPlan.Database, GoodPlan.Container + ".startupProbe")),
        ("PR004", "liveness asks the readiness path, by number", plan => plan.Set(GoodPlan.Deployment, Probe + ".httpGet", "{\"path\":\"/health?scope=local\",\"port\":8080}")),
        ("PR005", "liveness asks a deep path", plan => plan.Set(GoodPlan.Deployment, Probe + ".httpGet.path", "\"/health\"")),
        ("PR006", "a port name that nobody declares", plan => plan.Set(GoodPlan.Deployment, Probe + ".httpGet.port", "\"web\"")),
        ("PR007", "a period left out", plan => plan.Remove(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.periodSeconds")),
        ("PR007", "a success threshold that the API refuses", plan => plan.Set(GoodPlan.Deployment, Probe + ".successThreshold", "2")),
        ("PR008", "a startup probe that allows less than the start-up limit", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.failureThreshold", "5")),
        ("PR009", "a timeout within the app's budget", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.timeoutSeconds", "1")),
        ("PR010", "readiness that begins late", plan => plan.Set(GoodPlan.Database, GoodPlan.Container + ".readinessProbe.initialDelaySeconds", "90")),
        ("PR009", "a timeout longer than the period", plan => plan.Set(GoodPlan.Database, Probe + ".timeoutSeconds", "30")),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Leaving =>
    [
        ("GS001", "a deregistration longer than the hold", plan => plan.Set(GoodPlan.Group, "deregistrationDelay", "45")),
        ("GS002", "a grace too short for the drain", plan => plan.Set(GoodPlan.Deployment, "spec.template.spec.terminationGracePeriodSeconds", "40")),
        ("GS003", "a deregistration shorter than the longest request", plan => plan.Set(GoodPlan.Group, "deregistrationDelay", "10")),
        ("GS004", "a balancer that keeps connections longer than the app", plan => plan.Set(GoodPlan.Balancer, "idleTimeout", "120")),
        ("GS005", "a shell that sleeps", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".lifecycle", """{"preStop":{"exec":{"command":["sh","-c","sleep 5"]}}}""")),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Rolling =>
    [
        ("RO001", "a rollout that takes pods away", plan => plan.Set(GoodPlan.Deployment, "spec.strategy.rollingUpdate.maxUnavailable", "\"70%\"").Set(HealthyHosts, "threshold", "0")),
        ("RO001", "all at once", plan => plan.Set(GoodPlan.Deployment, "spec.strategy", "{\"type\":\"Recreate\"}").Set(HealthyHosts, "threshold", "1")),
        ("RO002", "static replicas beside the autoscaler", plan => plan.Set(GoodPlan.Deployment, "spec.replicas", "3")),
        ("RO002", "replicas put back at each deployment", plan => plan.Edit(GoodPlan.Deployment, deployment => deployment with { IgnoreChanges = [] })),
        ("RO003", "one replica", plan => plan.Set(GoodPlan.Autoscaler, "spec.minReplicas", "1").Set(HealthyHosts, "threshold", "1")),
        ("RO003", "no spread over zones", plan => plan.Set(GoodPlan.Deployment, "spec.template.spec.topologySpreadConstraints[0].topologyKey", "\"rack\"")),
        ("RO003", "a spread that counts other pods", plan => plan.Set(GoodPlan.Deployment, "spec.template.spec.topologySpreadConstraints[1].labelSelector.matchLabels.app", "\"order\"")),
        ("RO004", "no readiness gate", plan => plan.Remove(GoodPlan.Deployment, "spec.template.spec.readinessGates")),
        ("RO004", "the Deployment does not wait for the binding", plan => plan.Edit(GoodPlan.Deployment, deployment => deployment with { DependsOn = [] })),
        ("RO005", "Pulumi gives up before the rollout ends", plan => plan.Edit(GoodPlan.Deployment, deployment => deployment with { CustomTimeouts = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30), null) })),
        ("AV001", "a budget in a version that is no longer served", plan => plan.Edit(GoodPlan.Budget, budget => budget with { Type = "kubernetes:policy/v1beta1:PodDisruptionBudget" })),
        ("RO001", "a rolling update of pods with a claim that one node can mount", plan => plan.With(GoodPlan.Kubernetes("kubernetes:core/v1:PersistentVolumeClaim", "data", """{"spec":{"accessModes":["ReadWriteOnce"]}}""") with { Protect = true }).Set(GoodPlan.Deployment, "spec.template.spec.volumes", """[{"name":"data","persistentVolumeClaim":{"claimName":"data"}}]""")),
        ("PD001", "no budget", plan => plan.Without(GoodPlan.Budget)),
        ("PD001", "a budget that selects the database too", plan => plan.Set(GoodPlan.Budget, "spec.selector", "{}")),
        ("PD001", "two budgets", plan => plan.With(GoodPlan.Kubernetes(ResourceTypes.PodDisruptionBudget, "second", """{"spec":{"maxUnavailable":1,"unhealthyPodEvictionPolicy":"AlwaysAllow","selector":{"matchLabels":{"app":"orders"}}}}"""))),
        ("PD002", "a budget that permits nothing", plan => plan.Set(GoodPlan.Budget, "spec.maxUnavailable", "0")),
        ("PD002", "a budget as large as the fewest replicas", plan => plan.Remove(GoodPlan.Budget, "spec.maxUnavailable").Set(GoodPlan.Budget, "spec.minAvailable", "\"90%\"")),
        ("PD003", "broken pods keep their node", plan => plan.Remove(GoodPlan.Budget, "spec.unhealthyPodEvictionPolicy")),
        ("HP001", "a maximum that is the minimum", plan => plan.Set(GoodPlan.Autoscaler, "spec.maxReplicas", "3")),
        ("HP001", "a measured resource without a request", plan => plan.Set(GoodPlan.Autoscaler, "spec.metrics[0].resource.name", "\"ephemeral-storage\"")),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Network =>
    [
        ("SG001", "every protocol", plan => plan.Set(PodsToDatabase, "ipProtocol", "\"-1\"")),
        ("SG001", "the pods open to everybody", plan => plan.With(Ingress("debug", """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"cidrIpv6":"::/0","description":"Debugging"}"""))),
        ("SG001", "SSH at the balancer", plan => plan.With(Ingress("ssh", """{"securityGroupId":"sg-balancer","ipProtocol":"tcp","fromPort":22,"toPort":22,"cidrIpv4":"0.0.0.0/0","description":"SSH"}"""))),
        ("SG002", "pods reached past the balancer", plan => plan.With(Ingress("office", """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":8080,"toPort":8080,"cidrIpv4":"10.0.0.0/8","description":"Office"}"""))),
        ("SG003", "F102: no rule lets the probes out", plan => plan.Without(BalancerEgress)),
        ("SG003", "F102: no rule lets the probes in", plan => plan.Set(PodsIngress, "fromPort", "8081").Set(PodsIngress, "toPort", "8081")),
        ("SG003", "nobody reaches the listener", plan => plan.Without(PublicIngress)),
        ("SG004", "a rule without a description", plan => plan.Remove(PublicIngress, "description")),
        ("SG004", "inline and separate rules", plan => plan.Set("aws:ec2/securityGroup:SecurityGroup::pods", "ingress", """[{"protocol":"tcp","fromPort":9,"toPort":9,"securityGroups":["sg-balancer"],"description":"x"}]""")),
        ("NP001", "F102: the policy refuses the balancer", plan => plan.Set(GoodPlan.Policy, "spec.ingress[0].ports[0].port", "8081").Set(GoodPlan.Policy, "spec.ingress[1].ports[0].port", "8081")),
        ("NP001", "the policy refuses the monitoring", plan => plan.Remove(GoodPlan.Policy, "spec.ingress[2]")),
        ("NP002", "the policy refuses DNS", plan => plan.Remove(GoodPlan.Policy, "spec.egress[0].ports[0]")),
        ("NP002", "the policy refuses the database", plan => plan.Set(GoodPlan.Policy, "spec.egress[1].to[0].podSelector.matchLabels.app", "\"cache\"")),
        ("NP002", "the database's policy refuses the pods", plan => plan.Set(GoodPlan.DatabasePolicy, "spec.ingress[0].from[0].podSelector.matchLabels.app", "\"order\"")),
        ("NP002", "no security-group rule lets the pods reach the database", plan => plan.Without(PodsToDatabase)),
        ("NP002", "no security-group rule lets the pods in at the database", plan => plan.Without(DatabaseFromPods)),
        ("DB001", "a server with too few slots", plan => plan.Set(GoodPlan.Database, GoodPlan.Container + ".args[2]", "\"max_connections=384\"")),
        ("DB001", "a server with PostgreSQL's default", plan => plan.Remove(GoodPlan.Database, GoodPlan.Container + ".args")),
        ("DB001", "a server that nobody says anything of", plan => plan.Set("kubernetes:core/v1:Secret::orders", "stringData.ConnectionStrings__database", "\"Host=db.example.com;Password=[secret:candor:databasePassword]\"")),
        ("TG001", "a Service that is not there", plan => plan.Set(GoodPlan.Binding, "spec.serviceRef.name", "\"order\"")),
        ("TG001", "a Service port that is not there", plan => plan.Set(GoodPlan.Binding, "spec.serviceRef.port", "81")),
        ("TG001", "a selector that selects nothing", plan => plan.Set(GoodPlan.Service, "spec.selector.app", "\"order\"").Without("kubernetes:monitoring.coreos.com/v1:ServiceMonitor::orders")),
        ("TG001", "a target port that no container declares", plan => plan.Set(GoodPlan.Service, "spec.ports[0].targetPort", "\"web\"")),
        ("TG001", "instances for targets", plan => plan.Set(GoodPlan.Group, "targetType", "\"instance\"")),
        ("TG001", "two owners", plan => plan.With(GoodPlan.Kubernetes(ResourceTypes.TargetGroupBinding, "second", plan.Index.Find(GoodPlan.Binding)!.Inputs.ToString()), SecondGate(plan)).Edit(GoodPlan.Deployment, deployment => deployment with { DependsOn = [GoodPlan.Binding, ResourceTypes.TargetGroupBinding + "::second"] })),
        ("TG002", "another contract's hash in the tag", plan => plan.Set(GoodPlan.Group, $"tags[\"{ContractHash.Tag}\"]", "\"0123456789abcdef\"")),
        ("TG002", "another contract's hash in the annotation", plan => plan.Set(GoodPlan.Deployment, $"spec.template.metadata.annotations[\"{ContractHash.Annotation}\"]", "\"0123456789abcdef\"")),
        ("MP001", "the management port in the Service", plan => plan.Set(GoodPlan.Service, "spec.ports[1]", """{"name":"metrics","port":9090,"targetPort":"management"}""")),
        ("MP001", "probes of the management port", plan => plan.Set(GoodPlan.Group, "healthCheck.port", "\"9090\"").OpenManagement()),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Edge =>
    [
        ("LB001", "plain HTTP", plan => plan.Set(GoodPlan.HttpListener, "defaultActions", """[{"type":"forward","targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/orders/1"}]""")),
        ("LB002", "a policy of TLS 1.0", plan => plan.Set(GoodPlan.HttpsListener, "sslPolicy", "\"ELBSecurityPolicy-2016-08\"")),
        ("LB003", "no access logs", plan => plan.Remove(GoodPlan.Balancer, "accessLogs")),
        ("LB004", "no deletion protection", plan => plan.Set(GoodPlan.Balancer, "enableDeletionProtection", "false")),
        ("LB005", "invalid headers let through", plan => plan.Remove(GoodPlan.Balancer, "dropInvalidHeaderFields")),
        ("LB005", "desync attacks only watched", plan => plan.Set(GoodPlan.Balancer, "desyncMitigationMode", "\"monitor\"")),
        ("LB006", "a public balancer without a web ACL", plan => plan.Without("aws:wafv2/webAclAssociation:WebAclAssociation::balancer")),
        ("PU001", "the balancer is not protected", plan => plan.Edit(GoodPlan.Balancer, balancer => balancer with { Protect = false })),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Pods =>
    [
        ("RS001", "no memory request nor limit to take for it", plan => plan.Remove(GoodPlan.Database, GoodPlan.Container + ".resources.requests.cpu")),
        ("RS002", "no memory limit", plan => plan.Remove(GoodPlan.Deployment, GoodPlan.Container + ".resources.limits")),
        ("SE001", "a writable root file system", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".securityContext.readOnlyRootFilesystem", "false")),
        ("SE001", "a service-account token", plan => plan.Set(GoodPlan.Deployment, "spec.template.spec.automountServiceAccountToken", "true")),
        ("SE002", "a stack's secret in a ConfigMap", plan => plan.Set(GoodPlan.Settings, "data.password", "\"[secret:candor:databasePassword]\"")),
        ("SE002", "a password in the environment", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".env[2]", """{"name":"DATABASE_PASSWORD","value":"hunter2"}""")),
        ("SE002", "a credential in an output", plan => plan with { Outputs = PlanValue.Parse("""{"queue":"amqp://orders:hunter2@queue"}""") }),
        ("IM001", "an image by tag", plan => plan.Set(GoodPlan.Deployment, GoodPlan.Container + ".image", "\"registry.example.com:5000/orders:1.2\"")),
    ];

    private static IEnumerable<(string, string, Func<Plan, Plan>)> Watching =>
    [
        ("AL001", "nothing that sees healthy but failing", plan => plan.Without("aws:cloudwatch/metricAlarm:MetricAlarm::healthy-but-failing")),
        ("AL001", "an alarm that tells nobody", plan => plan.Remove(TargetErrors, "alarmActions")),
        ("AL001", "an alarm that looks the wrong way", plan => plan.Set(TargetErrors, "comparisonOperator", "\"LessThanThreshold\"")),
        ("AL001", "an alarm on another target group", plan => plan.Set(TargetErrors, "dimensions.TargetGroup", "\"targetgroup/other/2\"")),
        ("AL002", "no say about missing data", plan => plan.Remove(TargetErrors, "treatMissingData")),
        ("AL002", "no data counts as healthy", plan => plan.Set(HealthyHosts, "treatMissingData", "\"notBreaching\"")),
        ("AL003", "an alarm before the balancer had its chance", plan => plan.Set(TargetErrors, "period", "10")),
        ("AL003", "an alarm at every rollout", plan => plan.Set(HealthyHosts, "threshold", "4")),
        ("AL004", "a metric that the app does not expose", plan => plan.Set(GoodPlan.PrometheusRule, "spec.groups[0].rules[0].expr", "\"candor_http_request_total > 0\"")),
        ("AL004", "a label that the metric does not have", plan => plan.Set(GoodPlan.PrometheusRule, "spec.groups[0].rules[0].expr", "\"candor_http_requests_total{code=\\\"500\\\"} > 0\"")),
        ("AL004", "no runbook", plan => plan.Remove(GoodPlan.PrometheusRule, "spec.groups[0].rules[0].annotations")),
    ];

    private static PlanResource Blackbox(string url) =>
        GoodPlan.Kubernetes(ResourceTypes.Probe, "orders", $$$$$"""{"spec":{"targets":{"staticConfig":{"static":["{{{{{url}}}}}"]}}}}""");

    private static PlanResource Ingress(string name, string inputs) => GoodPlan.Resource(ResourceTypes.SecurityGroupIngressRule, name, inputs);

    // Without it, RO004 would rightly ask for the second binding's gate too.
    private static PlanResource SecondGate(Plan plan) =>
        GoodPlan.Resource(ResourceTypes.Namespace, "orders", """{"metadata":{"name":"orders","labels":{"elbv2.k8s.aws/pod-readiness-gate-inject":"enabled"}}}""") with { Id = plan.Stack };

    private static Plan Choosing(this Plan plan, SharedFailure choice)
    {
        var contract = GoodPlan.Contract with { Routing = new() { OnSharedFailure = choice } };
        var hash = $"\"{ContractHash.Of(contract)}\"";
        return (plan with { Contract = contract })
            .Set(GoodPlan.Settings, "data.CANDOR_CONTRACT", JsonSerializer.Serialize(ContractJson.Serialize(contract)))
            .Set(GoodPlan.Group, $"tags[\"{ContractHash.Tag}\"]", hash)
            .Set(GoodPlan.Deployment, $"spec.template.metadata.annotations[\"{ContractHash.Annotation}\"]", hash)
            .Set(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.path", $"\"{contract.Routing.KubernetesPath("/health")}\"");
    }

    private static Plan LongAlarms(this Plan plan) =>
        plan.Resources.Where(resource => resource.Type == ResourceTypes.MetricAlarm).Aggregate(plan, (changed, alarm) => changed.Set(alarm.Urn, "evaluationPeriods", "5"));

    private static Plan OpenManagement(this Plan plan) => plan
        .With(Ingress("management", """{"securityGroupId":"sg-pods","ipProtocol":"tcp","fromPort":9090,"toPort":9090,"referencedSecurityGroupId":"sg-balancer","description":"Probes"}"""))
        .Set(BalancerEgress, "toPort", "9090")
        .Set(GoodPlan.Policy, "spec.ingress[0].ports[1]", """{"port":9090,"protocol":"TCP"}""");
}
