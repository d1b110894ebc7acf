using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Local;

/// <summary>A Plan made by hand in the shape that the program's has, for tests of what reads Plans and needs no program.</summary>
internal sealed class SamplePlan
{
    public HealthContract Contract { get; set; } = OrdersContract.Default;

    public int Replicas { get; set; } = 2;

    public string Image { get; set; } = "candor/orders:dev";

    public JsonNode MaxSurge { get; set; } = 1;

    public JsonNode MaxUnavailable { get; set; } = 0;

    public int ProgressDeadline { get; set; } = 600;

    public bool WithQueue { get; set; }

    public bool WithCache { get; set; }

    public bool ReadinessGate { get; set; } = true;

    public Dictionary<string, string> Environment { get; } = [];

    public List<PlanResource> Extra { get; } = [];

    public Plan Build() => new()
    {
        Project = "candor",
        Stack = "test",
        Contract = Contract,
        Resources = [.. Dependencies(), .. Workload(), .. Balancer(), .. Extra],
        Outputs = PlanValue.EmptyObject,
    };

    public static PlanResource Resource(string type, string name, JsonObject inputs, string? id = null) =>
        new() { Type = type, Name = name, Id = id, Inputs = PlanValue.From(inputs) };

    private static JsonObject Meta(string name) => new() { ["name"] = name, ["namespace"] = "orders", ["labels"] = Labels(name) };

    private static JsonObject Labels(string name) => new() { ["app.kubernetes.io/name"] = name };

    private static int S(TimeSpan time) => (int)time.TotalSeconds;

    private IEnumerable<PlanResource> Dependencies()
    {
        yield return Resource(ResourceTypes.Secret, "orders-secrets", new()
        {
            ["metadata"] = Meta("orders"),
            ["stringData"] = new JsonObject
            {
                ["database"] =
                    "Host=database.orders.svc.cluster.local;Port=5432;Database=orders;Username=orders;"
                        + "Password=[secret:candor:databasePassword];Maximum Pool Size=20",
                // Soft dependencies: without them Orders serves on, degraded.
                ["cache"] =
                    $"{(WithCache ? "cache.orders.svc.cluster.local:6379" : "127.0.0.1:1")}"
                        + ",password=[secret:candor:cachePassword],abortConnect=false",
                ["queue"] =
                    $"amqp://orders:{Uri.EscapeDataString("[secret:candor:queuePassword]")}"
                        + $"@{(WithQueue ? "queue.orders.svc.cluster.local:5672" : "127.0.0.1:1")}/",
                ["databasePassword"] = "[secret:candor:databasePassword]",
                ["cachePassword"] = "[secret:candor:cachePassword]",
                ["queuePassword"] = "[secret:candor:queuePassword]",
            },
        });
        foreach (var one in StatefulSet(
            "database", "postgres:15", 5432, new() { ["POSTGRES_USER"] = "orders", ["POSTGRES_DB"] = "orders" }, "POSTGRES_PASSWORD", []))
        {
            yield return one;
        }

        foreach (var one in WithCache ? StatefulSet(
            "cache", "redis:7", 6379, [], "REDIS_PASSWORD", ["redis-server", "--requirepass", "$(REDIS_PASSWORD)"]) : [])
        {
            yield return one;
        }

        foreach (var one in WithQueue ? StatefulSet(
            "queue", "rabbitmq:3", 5672, new() { ["RABBITMQ_DEFAULT_USER"] = "orders" }, "RABBITMQ_DEFAULT_PASS", []) : [])
        {
            yield return one;
        }
    }

    private static IEnumerable<PlanResource> StatefulSet(
        string name, string image, int port, Dictionary<string, string> environment, string passwordVariable, string[] args)
    {
        var env = new JsonArray([.. environment.Select(e => new JsonObject { ["name"] = e.Key, ["value"] = e.Value })]);
        env.Add(new JsonObject
        {
            ["name"] = passwordVariable,
            ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = "orders", ["key"] = name + "Password" } },
        });
        yield return Resource(ResourceTypes.StatefulSet, name, new()
        {
            ["metadata"] = Meta(name),
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                ["serviceName"] = name,
                ["selector"] = new JsonObject { ["matchLabels"] = Labels(name) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels(name) },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = name,
                            ["image"] = image,
                            ["args"] = new JsonArray([.. args.Select(a => (JsonNode)a)]),
                            ["env"] = env,
                            ["ports"] = new JsonArray(new JsonObject { ["name"] = name, ["containerPort"] = port }),
                            ["readinessProbe"] = new JsonObject
                            {
                                ["tcpSocket"] = new JsonObject { ["port"] = port },
                                ["periodSeconds"] = 2,
                                ["timeoutSeconds"] = 1,
                            },
                        }),
                    },
                },
            },
        });
        yield return Resource(ResourceTypes.Service, name, new()
        {
            ["metadata"] = Meta(name),
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = "None",
                ["selector"] = Labels(name),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = name, ["port"] = port, ["targetPort"] = port }),
            },
        });
    }

    private IEnumerable<PlanResource> Workload()
    {
        var c = Contract;
        yield return Resource(ResourceTypes.ConfigMap, "orders", new()
        {
            ["metadata"] = Meta("orders"),
            ["data"] = new JsonObject { ["CANDOR_CONTRACT"] = ContractJson.Serialize(c) },
        });
        var env = new JsonArray(
            new JsonObject { ["name"] = "ASPNETCORE_ENVIRONMENT", ["value"] = "Production" },
            new JsonObject
            {
                ["name"] = "CANDOR_CONTRACT",
                ["valueFrom"] = new JsonObject
                {
                    ["configMapKeyRef"] = new JsonObject { ["name"] = "orders", ["key"] = "CANDOR_CONTRACT" },
                },
            });
        foreach (var dependency in c.Dependencies)
        {
            env.Add(new JsonObject
            {
                ["name"] = $"ConnectionStrings__{dependency.Name}",
                ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = "orders", ["key"] = dependency.Name } },
            });
        }

        foreach (var (name, value) in Environment)
        {
            env.Add(new JsonObject { ["name"] = name, ["value"] = value });
        }

        yield return Resource(ResourceTypes.Deployment, "orders", new()
        {
            ["metadata"] = Meta("orders"),
            ["spec"] = new JsonObject
            {
                ["replicas"] = Replicas,
                ["progressDeadlineSeconds"] = ProgressDeadline,
                ["strategy"] = new JsonObject
                {
                    ["type"] = "RollingUpdate",
                    ["rollingUpdate"] = new JsonObject
                    {
                        ["maxSurge"] = MaxSurge.DeepClone(),
                        ["maxUnavailable"] = MaxUnavailable.DeepClone(),
                    },
                },
                ["selector"] = new JsonObject { ["matchLabels"] = Labels("orders") },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Labels("orders") },
                    ["spec"] = new JsonObject
                    {
                        ["terminationGracePeriodSeconds"] = S(c.Drain.TerminationGrace),
                        ["readinessGates"] = ReadinessGate
                            ? new JsonArray(new JsonObject { ["conditionType"] = "target-health.elbv2.k8s.aws/orders" })
                            : [],
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "orders",
                            ["image"] = Image,
                            ["env"] = env,
                            ["ports"] = new JsonArray(
                                new JsonObject { ["name"] = "http", ["containerPort"] = c.Port },
                                new JsonObject { ["name"] = "management", ["containerPort"] = c.ManagementPort }),
                            ["startupProbe"] = Probe(c.Paths.Startup, c.Startup),
                            ["readinessProbe"] = Probe(c.Paths.Readiness, c.Readiness),
                            ["livenessProbe"] = Probe(c.Paths.Liveness, c.Liveness),
                        }),
                    },
                },
            },
        });
        yield return Resource(ResourceTypes.Service, "orders", new()
        {
            ["metadata"] = Meta("orders"),
            ["spec"] = new JsonObject
            {
                ["selector"] = Labels("orders"),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http" }),
            },
        });
    }

    private static JsonObject Probe(string path, ProbeSettings settings) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" },
        ["initialDelaySeconds"] = S(settings.InitialDelay),
        ["periodSeconds"] = S(settings.Period),
        ["timeoutSeconds"] = S(settings.Timeout),
        ["failureThreshold"] = settings.FailureThreshold,
        ["successThreshold"] = settings.SuccessThreshold,
    };

    private IEnumerable<PlanResource> Balancer()
    {
        const string GroupArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/orders/0123456789abcdef";
        var check = Contract.Balancer;
        yield return Resource(ResourceTypes.LoadBalancer, "orders", new() { ["idleTimeout"] = S(check.IdleTimeout) }, "orders-balancer");
        yield return Resource(
            ResourceTypes.TargetGroup,
            "orders",
            new()
            {
                ["port"] = Contract.Port,
                ["protocol"] = "HTTP",
                ["targetType"] = "ip",
                ["deregistrationDelay"] = S(Contract.Drain.DeregistrationDelay),
                ["healthCheck"] = new JsonObject
                {
                    ["enabled"] = true,
                    ["path"] = Contract.Paths.Readiness,
                    ["port"] = "traffic-port",
                    ["protocol"] = "HTTP",
                    ["matcher"] = check.HealthyCodes,
                    ["interval"] = S(check.Interval),
                    ["timeout"] = S(check.Timeout),
                    ["healthyThreshold"] = check.HealthyThreshold,
                    ["unhealthyThreshold"] = check.UnhealthyThreshold,
                },
            },
            GroupArn);
        yield return Resource(ResourceTypes.Listener, "http", new()
        {
            ["loadBalancerArn"] = "orders-balancer",
            ["port"] = 80,
            ["protocol"] = "HTTP",
            ["defaultActions"] = new JsonArray(new JsonObject { ["type"] = "forward", ["targetGroupArn"] = GroupArn }),
        });
        yield return Resource(ResourceTypes.TargetGroupBinding, "orders", new()
        {
            ["metadata"] = Meta("orders"),
            ["spec"] = new JsonObject
            {
                ["serviceRef"] = new JsonObject { ["name"] = "orders", ["port"] = 80 },
                ["targetGroupARN"] = GroupArn,
                ["targetType"] = "ip",
            },
        });
    }
}
