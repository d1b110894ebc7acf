using Candor.Infra.Tests.Program;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Planning.Rules;

namespace Candor.Infra.Tests.Rules;

/// <summary>
/// Precision and recall on parts of Plans of others (Wild/*.json): whatever is more than a note is something that a strict SRE would
/// change, and whatever one would change first is found. Each line was judged by hand; a new finding has to be, too.
/// </summary>
public sealed class WildFindingTests
{
    /// <summary>File, and for each resource what is found there: errors with !, warnings without.</summary>
    [Theory]
    [InlineData("alb-ingress",
        "ecommerce-prod/ecommerce-ingress: GS003 HC002!", "ecommerce-prod/order-service: RO002!", "ecommerce-prod/order-service-netpol: NP001!", "ecommerce-prod/postgres: PR004")]
    [InlineData("attached-instance", "lb: AG002! SG001", "lb-0: LB001", "web-secgrp: BW004! SG001")]
    [InlineData("ecs-production",
        "api: EC001! EC002", "api-lb: BW001", "api-lb-1: LB001", "hasura-lb: BW001", "hasura-lb-1: LB001", "metabase: EC001! HC008!", "metabase-lb: BW001", "metabase-lb-1: LB001",
        "sharedb: EC001! EC002 HC004", "sharedb-lb: BW001", "sharedb-lb-1: LB001")]
    [InlineData("ecs-service",
        "langserve-ecs-security-group: SG001", "langserve-listener: LB001", "langserve-service: EC001! EC002 EC003 EC005", "langserve-task-definition: EC004")]
    [InlineData("grpc-services", "adservice: GS001 PR004! RO003", "cartservice: GS001 PR004! RO003", "redis-cart: PR004")]
    [InlineData("network-balancer", "nlb-security-group: BW004! SG003!")]
    [InlineData("old-versions", "echoserver: AV001! GS001! PD001 PR001!", "nginx-ing-cntlr: AV001! PR004!")]
    [InlineData("probe-cookie", "cartservice: GS001 PR004! RO003", "frontend: GS001! PR004! RO003!")]
    [InlineData("single-writer", "prod-deploy: GS001! PR004! PR010 RO001")]
    [InlineData("websocket", "sharedb: HC004", "sharedb-lb: BW001", "sharedb-lb-1: LB001")]
    public void Findings_of_a_plan_of_others_are_those_of_a_strict_reader(string file, params string[] expected)
    {
        var result = Linter.Lint(
            PlanReader.Read(File.ReadAllBytes(Path.Combine(RepositoryFile.Root, "tests/Infra.Tests/Rules/Wild", file + ".json")), file + ".json"),
            LintSettings.Default with { Severity = Severity.Warning });
        var found = result.Findings
            .GroupBy(finding => finding.Resource[(finding.Resource.IndexOf("::", StringComparison.Ordinal) + 2)..], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {string.Join(' ', group.Select(Short).Order(StringComparer.Ordinal))}");
        Assert.Equal(expected, found);
    }

    private static string Short(Finding finding) => finding.Severity == Severity.Error ? finding.Rule + "!" : finding.Rule;
}
