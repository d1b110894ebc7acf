using Candor.Contract;
using Candor.Planning.Lint;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Candor.Infra.Tests.Rules;

/// <summary>
/// Random changes of one health, port, drain, selector or security-group field: either the contract's own arithmetic calls the
/// change harmless, or lint finds it. The arithmetic here is written a second time on purpose, from the timeline's definition.
/// </summary>
public sealed class FieldMutationTests(ITestOutputHelper output)
{
    private const string Check = "healthCheck.";
    private const string PodSpec = "spec.template.spec.";
    private const string Readiness = GoodPlan.Container + ".readinessProbe.";
    private const string Liveness = GoodPlan.Container + ".livenessProbe.";
    private const string Startup = GoodPlan.Container + ".startupProbe.";

    private static readonly HealthContract Contract = GoodPlan.Contract;
    private static readonly Gen<int> Small = Gen.Choose(0, 120);
    private static readonly Gen<int> Ports = Gen.OneOf(Gen.Choose(1, 65535), Gen.Elements(80, 443, 8080, 8081, 9090, 5432, 53));
    private static readonly Gen<string> Words = Gen.Elements("orders", "order", "database", "cache", "http", "management", "web", "sg-pods", "sg-balancer", "sg-dependencies", "kube-system");
    private static readonly Gen<string> Paths = Gen.Elements("/", "/health", "/healthz", "/startupz", "/status", "/health?scope=local", "/healthz?verbose", "/HEALTH");

    private static IEnumerable<(string Urn, string Path, Gen<string> Values, Func<string, bool> Harmless)> Fields =>
    [
        Number(GoodPlan.Group, Check + "interval", Small, i => i is >= 6 and <= 10),
        Number(GoodPlan.Group, Check + "timeout", Small, t => t is >= 3 and <= 5),
        Number(GoodPlan.Group, Check + "healthyThreshold", Small, n => n is 2),
        Number(GoodPlan.Group, Check + "unhealthyThreshold", Small, n => n is 2 or 3),
        Text(GoodPlan.Group, Check + "port", Ports.Select(port => $"{port}"), port => port == "8080"),
        Text(GoodPlan.Group, Check + "path", Paths, path => path == "/health"),
        Text(GoodPlan.Group, Check + "matcher", Gen.Elements("200", "200-299", "200,204", "200-399", "503", "204", "x"), matcher => matcher == "200"),
        Text(GoodPlan.Group, Check + "protocol", Gen.Elements("HTTP", "HTTPS", "TCP"), protocol => protocol == "HTTP"),
        Text(GoodPlan.Group, "targetType", Gen.Elements("ip", "instance", "lambda", "alb"), type => type == "ip"),
        Number(GoodPlan.Group, "deregistrationDelay", Small, d => d >= 15 && d <= 60 && d + 5 <= 35),
        Number(GoodPlan.Balancer, "idleTimeout", Gen.Choose(1, 200), idle => idle < 75 && idle >= 15),
        Number(GoodPlan.Deployment, PodSpec + "terminationGracePeriodSeconds", Gen.Choose(0, 200), grace => grace >= 35 + 15 + 5),
        .. Probe(Readiness, Contract.Readiness),
        .. Probe(Liveness, Contract.Liveness),
        .. Probe(Startup, Contract.Startup, startup: true),
        Text(GoodPlan.Deployment, Readiness + "httpGet.path", Paths, path => path == "/health?scope=local"),
        Text(GoodPlan.Deployment, Liveness + "httpGet.path", Paths, path => path.Split('?')[0] == "/healthz"),
        Text(GoodPlan.Deployment, Startup + "httpGet.path", Paths, path => path == "/startupz"),
        Number(GoodPlan.Deployment, Readiness + "httpGet.port", Ports, port => port == 8080),
        Number(GoodPlan.Deployment, Liveness + "httpGet.port", Ports, port => port == 8080),
        Text(GoodPlan.Deployment, Startup + "httpGet.port", Words, port => port == "http"),
        Number(GoodPlan.Deployment, GoodPlan.Container + ".ports[0].containerPort", Ports, port => port == 8080),
        Text(GoodPlan.Deployment, PodSpec + "readinessGates[0].conditionType", Words, gate => gate == "target-health.elbv2.k8s.aws/orders"),
        Number(GoodPlan.Deployment, "spec.strategy.rollingUpdate.maxUnavailable", Gen.Choose(0, 3), pods => pods is 0 or 1),
        Text(GoodPlan.Deployment, "spec.template.metadata.labels.app", Words, label => label == "orders"),
        Number(GoodPlan.Service, "spec.ports[0].port", Ports, port => port == 80),
        Text(GoodPlan.Service, "spec.ports[0].targetPort", Words, port => port == "http"),
        Number(GoodPlan.Service, "spec.ports[0].targetPort", Ports, port => port == 8080),
        Text(GoodPlan.Service, "spec.selector.app", Words, label => label == "orders"),
        Text(GoodPlan.Binding, "spec.serviceRef.name", Words, name => name == "orders"),
        Number(GoodPlan.Binding, "spec.serviceRef.port", Ports, port => port == 80),
        Text(GoodPlan.Binding, "spec.targetGroupARN", Words, _ => false),
        Text(GoodPlan.Budget, "spec.selector.matchLabels.app", Words, label => label == "orders"),
        Number(GoodPlan.Budget, "spec.maxUnavailable", Gen.Choose(0, 3), pods => pods > 0),
        Text(GoodPlan.Autoscaler, "spec.scaleTargetRef.name", Words, name => name == "orders"),
        Number(GoodPlan.Autoscaler, "spec.minReplicas", Gen.Choose(0, 20), pods => pods is >= 2 and < 12),
        Number(GoodPlan.Policy, "spec.ingress[2].ports[0].port", Ports, port => port == 9090),
        Number(GoodPlan.Policy, "spec.egress[0].ports[0].port", Ports, port => port == 53),
        Number(GoodPlan.Policy, "spec.egress[1].ports[0].port", Ports, port => port == 5432),
        Text(GoodPlan.Policy, "spec.podSelector.matchLabels.app", Words, label => label == "orders"),
        Text(GoodPlan.Policy, "spec.egress[1].to[0].podSelector.matchLabels.app", Words, label => label == "database"),
        Number(GoodPlan.DatabasePolicy, "spec.ingress[0].ports[0].port", Ports, port => port == 5432),
        Text(GoodPlan.DatabasePolicy, "spec.ingress[0].from[0].podSelector.matchLabels.app", Words, label => label == "orders"),
        .. Rule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::balancer-to-pods", 8080, "sg-balancer", "sg-pods"),
        .. Rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer", 8080, "sg-pods", "sg-balancer"),
        .. Rule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::pods-to-database", 5432, "sg-pods", "sg-dependencies"),
        .. Rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::database-from-pods", 5432, "sg-dependencies", "sg-pods"),
    ];

    [Fact]
    public void Random_change_of_one_field_is_harmless_or_found()
    {
        var plan = GoodPlan.Create();
        var (harmful, found) = (0, 0);
        var missed = new SortedSet<string>(StringComparer.Ordinal);
        var mutation = Gen.Elements(Fields.ToArray()).SelectMany(field => field.Values.Select(value => (field, value)));
        Prop.ForAll(mutation.ToArbitrary(), chosen =>
        {
            var (field, value) = chosen;
            var findings = Linter.Lint(plan.Set(field.Urn, field.Path, value)).Findings;
            if (!field.Harmless(value))
            {
                harmful++;
                found += findings.Count > 0 ? 1 : 0;
                if (findings.Count == 0)
                {
                    missed.Add($"{field.Urn} {field.Path} = {value}");
                }
            }
            else if (findings.Count > 0)
            {
                missed.Add($"harmless, and yet found: {field.Urn} {field.Path} = {value}: {findings[0].Rule} {findings[0].Summary}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
        output.WriteLine($"{found} of {harmful} harmful changes were found ({100.0 * found / harmful:0.0} %).");
        Assert.True(missed.Count == 0, string.Join(Environment.NewLine, missed));
    }

    // A probe is as good as promised when it takes no longer than the timeline says, and is long enough for the budget.
    private static IEnumerable<(string, string, Gen<string>, Func<string, bool>)> Probe(string path, ProbeSettings promised, bool startup = false)
    {
        var worst = Worst(promised);
        bool Good(ProbeSettings probe) =>
            probe.Period >= TimeSpan.FromSeconds(1) && probe.FailureThreshold >= 1 && Worst(probe) <= worst
            && (promised.Period * promised.SuccessThreshold) + promised.Timeout is var recovery && (startup || (probe.Period * probe.SuccessThreshold) + probe.Timeout <= recovery)
            && probe.Timeout > Contract.Budget.Deadline + Contract.Budget.Margin && probe.Timeout <= probe.Period
            && (!startup || probe.Period * probe.FailureThreshold >= Contract.StartupLimit);
        return
        [
            Number(GoodPlan.Deployment, path + "periodSeconds", Small, n => Good(promised with { Period = TimeSpan.FromSeconds(n) })),
            Number(GoodPlan.Deployment, path + "timeoutSeconds", Small, n => Good(promised with { Timeout = TimeSpan.FromSeconds(n) })),
            Number(GoodPlan.Deployment, path + "failureThreshold", Small, n => Good(promised with { FailureThreshold = n })),
        ];

        static TimeSpan Worst(ProbeSettings probe) => (probe.Period * probe.FailureThreshold) + probe.Timeout;
    }

    private static IEnumerable<(string, string, Gen<string>, Func<string, bool>)> Rule(string urn, int port, string group, string peer) =>
    [
        Number(urn, "fromPort", Ports, from => from <= port),
        Number(urn, "toPort", Ports, to => to >= port),
        Text(urn, "securityGroupId", Words, other => other == group),
        Text(urn, "referencedSecurityGroupId", Words, other => other == peer),
        Text(urn, "ipProtocol", Gen.Elements("tcp", "udp", "-1", "icmp"), protocol => protocol == "tcp"),
    ];

    private static (string, string, Gen<string>, Func<string, bool>) Number(string urn, string path, Gen<int> values, Func<int, bool> harmless) =>
        (urn, path, values.Select(value => $"{value}"), value => harmless(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    private static (string, string, Gen<string>, Func<string, bool>) Text(string urn, string path, Gen<string> values, Func<string, bool> harmless) =>
        (urn, path, values.Select(value => $"\"{value}\""), value => harmless(value.Trim('"')));
}
