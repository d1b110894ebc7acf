namespace Candor.Infra.Tests.Program;

/// <summary>Every way the program can be told to deploy: each balancer with each place of dependencies, and several services.</summary>
internal static class Modes
{
    private const string Digest = "ghcr.io/example/billing@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    /// <summary>Overrides that differ from every default, so that a default that slips through is seen.</summary>
    public const string Health = """
        {"port":8081,"managementPort":9191,"paths":{"readiness":"/ready","liveness":"/alive","startup":"/started"},
         "balancer":{"interval":"9s","timeout":"4s","healthyThreshold":4,"unhealthyThreshold":2,"healthyCodes":"200,204","idleTimeout":"55s","keepAlive":"66s"},
         "readiness":{"initialDelay":"6s","period":"11s","timeout":"7s","failureThreshold":5},
         "liveness":{"initialDelay":"17s","period":"21s","timeout":"8s","failureThreshold":6},
         "startup":{"initialDelay":"1s","period":"12s","timeout":"7s","failureThreshold":13},
         "drain":{"propagation":"6s","deregistrationDelay":"31s","requestTimeout":"16s","preStop":"3s","hold":"38s","terminationGrace":"71s"},
         "routing":{"onSharedFailure":"balancerOnly","minimumHealthyTargets":2}}
        """;

    public static IReadOnlyDictionary<string, Dictionary<string, string>> All { get; } = new Dictionary<string, Dictionary<string, string>>
    {
        ["alb, inCluster"] = StackInputs.Dev().With(Certificate),
        ["alb, inCluster, prod"] = StackInputs.Prod()
            .With(("dependencies", "inCluster"), ("databaseImage", Digest), ("cacheImage", Digest), ("queueImage", Digest)),
        ["alb, managed"] = StackInputs.Managed(),
        ["alb, external"] = StackInputs.Prod(),
        ["alb, domain and zone"] = StackInputs.Prod()
            .Without("certificateArn")
            .With(("domain", "orders.example.com"), ("zone", "example.com")),
        ["alb, EKS and prefix lists"] = StackInputs.Prod()
            .With(("clusterName", "prod"), ("allowedCidrs", "[]"), ("allowedPrefixLists", """["pl-1"]""")),
        ["alb, network stack"] = StackInputs.Prod()
            .Without("vpcId")
            .Without("balancerSubnetIds")
            .With(("networkStack", "org/network/prod")),
        ["alb, weighted"] = StackInputs.Prod().With(("algorithm", "weighted_random"), ("anomalyMitigation", "true")),
        ["alb, other contract"] = StackInputs.Prod().With(("health", Health)),
        ["alb, several services"] = StackInputs.Managed().With(("services", Services)),
        ["alb, own service"] = StackInputs.Dev().With(Certificate).With(
            ("name", "todo"),
            ("namespace", ""),
            ("env", """{"FEATURE":"true"}"""),
            ("secretEnv", """{"Jwt__Key":"key-secret"}"""),
            ("managementToken", "token-secret"),
            ("args", """["--mode","web"]"""),
            ("ports", """{"grpc":8099}"""),
            ("volumes", """{"/var/cache/todo":"256Mi"}"""),
            ("health", """{"dependencies":[{"name":"database","kind":"postgres"}]}""")),
        ["gke, inCluster"] = StackInputs.Dev()
            .With(("balancer", "gke"), ("domain", "orders.example.com"), ("tlsSecret", "orders-tls"), ("health", Google)),
        ["gke, external"] = StackInputs.Prod()
            .With(
                ("balancer", "gke"),
                ("domain", "orders.example.com"),
                ("tlsSecret", "orders-tls"),
                ("health", Google),
                ("services", GoogleServices)),
        ["nginx, inCluster"] = StackInputs.Dev().With(("balancer", "nginx"), ("domain", "orders.example.com"), ("tlsSecret", "orders-tls")),
        ["nginx, external"] = StackInputs.Prod()
            .With(("balancer", "nginx"), ("domain", "orders.example.com"), ("tlsSecret", "orders-tls"), ("services", Services)),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Google's balancers keep idle connections for ten minutes.</summary>
    public const string Google = """{"balancer":{"idleTimeout":"10m","keepAlive":"620s"}}""";

    /// <summary>A second service with a contract of its own, found by path, and a third found by host.</summary>
    public static string Services => $$$"""
        [{"name":"billing","image":"{{{Digest}}}","paths":["/billing/*"],
          "health":{"port":8083,"balancer":{"interval":"8s"},"dependencies":[{"name":"database","kind":"postgres"}]}},
         {"name":"search","image":"{{{Digest}}}","hosts":["search.example.com"],"minReplicas":4,"maxReplicas":8}]
        """;

    private static string GoogleServices =>
        $$$"""[{"name":"billing","image":"{{{Digest}}}","paths":["/billing/*"],"health":{{{Google}}}}]""";

    private static (string, string)[] Certificate =>
        [("certificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/1"), ("accessLogsBucket", "logs")];
}
