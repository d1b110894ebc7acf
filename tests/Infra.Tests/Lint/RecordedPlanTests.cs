using Candor.Infra.Tests.Program;
using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Lint;

/// <summary>The program's own Plans, in every mode: nothing to find, or a reason in the stack's file.</summary>
[Collection(PulumiRuns.Name)]
public sealed class RecordedPlanTests
{
    private const string Services = """
        [{"name":"basket","image":"ghcr.io/example/basket@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945","paths":["/basket*"],
          "health":{"port":8081,"managementPort":9091,"dependencies":[{"name":"cache","kind":"redis"}]}}]
        """;

    public static TheoryData<string, string, string, bool> Modes
    {
        get
        {
            var data = new TheoryData<string, string, string, bool>();
            foreach (var balancer in new[] { "alb", "gke", "nginx" })
            {
                foreach (var dependencies in balancer == "alb" ? new[] { "inCluster", "managed", "external" } : ["inCluster", "external"])
                {
                    foreach (var routing in new[] { "eject", "balancerOnly", "report" })
                    {
                        data.Add(balancer, dependencies, routing, routing == "eject");
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Plan_of_every_mode_has_no_finding(string balancer, string dependencies, string routing, bool severalServices)
    {
        var settings = StackFiles.Read(RepositoryFile.Root, "prod", StackConfig.SecretKeys);
        var config = settings.Config.ToDictionary();
        config["candor:balancer"] = balancer;
        config["candor:dependencies"] = dependencies;
        config["candor:health"] = $$$"""{"routing":{"onSharedFailure":"{{{routing}}}"}{{{(balancer == "gke" ? ",\"balancer\":{\"idleTimeout\":\"600s\",\"keepAlive\":\"620s\"}" : string.Empty)}}}}""";
        if (dependencies == "inCluster")
        {
            foreach (var image in new[] { "databaseImage", "cacheImage", "queueImage" })
            {
                config[$"candor:{image}"] = "registry.example.com/image@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
            }
        }

        if (balancer != "alb")
        {
            config["candor:tlsSecret"] = "orders-tls";
            foreach (var key in new[] { "zone", "accessLogsBucket", "desyncMitigation" })
            {
                config.Remove($"candor:{key}");
            }
        }

        if (severalServices && balancer == "alb")
        {
            config["candor:services"] = Services;
        }

        var plan = await PlanRecorder.RecordAsync(settings with { Config = config }, CancellationToken.None);
        var result = Linter.Lint(plan);
        // What it costs that every pod is ejected at once is said where it was chosen; only an ALB fails open.
        var risky = routing == "eject" || (routing == "balancerOnly" && balancer == "gke");
        Assert.All(result.Findings, finding => Assert.Equal("HC007", finding.Rule));
        Assert.Equal(
            risky ? ["kubernetes:apps/v1:Deployment::orders"] : [],
            result.Findings.Select(finding => finding.Resource));
        Assert.Equal(result, Linter.Lint(PlanReader.Read(System.Text.Encoding.UTF8.GetBytes(PlanJson.Serialize(plan)), "plan.json")) with { Findings = result.Findings, Waived = result.Waived, Known = result.Known, Unreadable = result.Unreadable, TypesNotRead = result.TypesNotRead });
    }

    [Theory]
    [InlineData(GoodPlan.Group, "healthCheck.port", "\"9999\"", "HC002")]
    [InlineData(GoodPlan.Group, "healthCheck.path", "\"/healthz\"", "HC002")]
    [InlineData(GoodPlan.Group, "healthCheck.timeout", "9", "HC008")]
    [InlineData(GoodPlan.Group, "deregistrationDelay", "45", "GS001")]
    [InlineData(GoodPlan.Balancer, "idleTimeout", "90", "GS004")]
    [InlineData(GoodPlan.Deployment, GoodPlan.Container + ".livenessProbe.httpGet.path", "\"/health\"", "PR005")]
    [InlineData(GoodPlan.Deployment, GoodPlan.Container + ".readinessProbe.httpGet.port", "\"management\"", "HC002")]
    [InlineData(GoodPlan.Deployment, GoodPlan.Container + ".startupProbe.failureThreshold", "3", "PR008")]
    [InlineData(GoodPlan.Deployment, "spec.template.spec.terminationGracePeriodSeconds", "30", "GS002")]
    [InlineData(GoodPlan.Deployment, "spec.strategy.rollingUpdate.maxUnavailable", "\"100%\"", "RO001")]
    [InlineData(GoodPlan.Service, "spec.ports[0].targetPort", "\"management\"", "MP001")]
    [InlineData(GoodPlan.Service, "spec.selector", "{\"app\":\"other\"}", "TG001")]
    [InlineData(GoodPlan.Budget, "spec.selector", "{}", "PD001")]
    [InlineData(GoodPlan.Autoscaler, "spec.minReplicas", "1", "RO003")]
    [InlineData(GoodPlan.Policy, "spec.ingress", "[]", "NP001")]
    [InlineData(GoodPlan.Policy, "spec.egress", "[]", "NP002")]
    [InlineData(GoodPlan.DatabasePolicy, "spec.ingress", "[]", "NP002")]
    [InlineData("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pods-from-balancer-8080", "toPort", "8079", "SG003")]
    [InlineData("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::balancer-to-pods-8080", "referencedSecurityGroupId", "\"sg-other\"", "SG003")]
    public async Task Change_of_the_recorded_dev_plan_is_found(string urn, string path, string value, string rule)
    {
        var plan = await PlanRecorder.RecordAsync(RepositoryFile.Root, "dev", CancellationToken.None);
        Assert.Contains(rule, Linter.Lint(plan.Set(urn, path, value)).Findings.Select(finding => finding.Rule));
    }
}
