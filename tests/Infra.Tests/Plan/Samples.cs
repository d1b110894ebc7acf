using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

/// <summary>Small Plans that say only what a test is about.</summary>
internal static class Samples
{
    /// <summary>A Deployment behind a target group, given the contract, with the Service and binding between them.</summary>
    internal static Plan Web(HealthContract? contract = null)
    {
        contract ??= OrdersContract.Default;
        var resources = new[]
        {
            TargetGroup(contract),
            Kubernetes(
                ResourceTypes.ConfigMap,
                "api",
                new JsonObject { ["data"] = new JsonObject { ["CANDOR_CONTRACT"] = ContractJson.Serialize(contract) } }),
            Deployment(contract),
            Kubernetes(ResourceTypes.Service, "api", Spec("""{"selector":{"app":"api"},"ports":[{"port":80,"targetPort":"http"}]}""")),
            Kubernetes(
                ResourceTypes.TargetGroupBinding,
                "api",
                Spec("""{"serviceRef":{"name":"api","port":80},"targetGroupARN":"arn:tg/api","targetType":"ip"}""")),
        };
        return new()
        {
            Project = "candor",
            Stack = "dev",
            Contract = contract,
            Resources = [.. resources.OrderBy(resource => resource.Urn, StringComparer.Ordinal)],
            Outputs = PlanValue.Parse("""{"url":"http://api.example.com"}"""),
        };
    }

    /// <summary>As many services like that of <see cref="Web"/>, each with names and labels of its own.</summary>
    internal static Plan Services(int count)
    {
        var one = Web();
        var texts = one.Resources.Select(resource => (resource, Text: resource.Inputs.ToString())).ToList();
        return one with
        {
            Resources = [.. Enumerable.Range(0, count).SelectMany(number => texts.Select(pair => pair.resource with
            {
                Name = $"api-{number:0000}",
                Id = $"{pair.resource.Id}-{number:0000}",
                Inputs = PlanValue.Parse(pair.Text
                    .Replace("\"api\"", $"\"api-{number:0000}\"", StringComparison.Ordinal)
                    .Replace("arn:tg/api", $"arn:tg/api-{number:0000}", StringComparison.Ordinal)),
            })).OrderBy(resource => resource.Urn, StringComparer.Ordinal)],
        };
    }

    /// <summary>The Plan with one resource's inputs changed.</summary>
    internal static Plan With(this Plan plan, string type, Action<JsonNode> change) => plan with
    {
        Resources = [.. plan.Resources.Select(resource =>
        {
            if (resource.Type != type)
            {
                return resource;
            }

            var inputs = resource.Inputs.ToNode()!;
            change(inputs);
            return resource with { Inputs = PlanValue.From(inputs) };
        })],
    };

    /// <summary>The Plan with one resource more.</summary>
    internal static Plan With(this Plan plan, PlanResource resource) =>
        plan with { Resources = [.. plan.Resources.Append(resource).OrderBy(item => item.Urn, StringComparer.Ordinal)] };

    /// <summary>A resource with inputs given as JSON.</summary>
    internal static PlanResource Resource(string type, string name, string inputs) =>
        new() { Type = type, Name = name, Inputs = PlanValue.Parse(inputs) };

    private static PlanResource TargetGroup(HealthContract contract) => new()
    {
        Type = ResourceTypes.TargetGroup,
        Name = "api",
        Id = "arn:tg/api",
        Inputs = PlanValue.From(new JsonObject
        {
            ["port"] = contract.Port,
            ["protocol"] = "HTTP",
            ["targetType"] = "ip",
            ["deregistrationDelay"] = (int)contract.Drain.DeregistrationDelay.TotalSeconds,
            ["healthCheck"] = new JsonObject
            {
                ["path"] = contract.Paths.Readiness,
                ["port"] = $"{contract.Port}",
                ["matcher"] = contract.Balancer.HealthyCodes,
                ["interval"] = (int)contract.Balancer.Interval.TotalSeconds,
                ["timeout"] = (int)contract.Balancer.Timeout.TotalSeconds,
                ["healthyThreshold"] = contract.Balancer.HealthyThreshold,
                ["unhealthyThreshold"] = contract.Balancer.UnhealthyThreshold,
            },
        }),
    };

    private static PlanResource Deployment(HealthContract contract) => Kubernetes(ResourceTypes.Deployment, "api", new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["replicas"] = 2,
            ["strategy"] = JsonNode.Parse("""{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}"""),
            ["template"] = new JsonObject
            {
                ["metadata"] = JsonNode.Parse("""{"labels":{"app":"api"}}"""),
                ["spec"] = new JsonObject
                {
                    ["terminationGracePeriodSeconds"] = (int)contract.Drain.TerminationGrace.TotalSeconds,
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "api",
                        ["image"] = "example.com/api:1",
                        ["envFrom"] = JsonNode.Parse("""[{"configMapRef":{"name":"api"}}]"""),
                        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = contract.Port }),
                        ["readinessProbe"] = Probe(contract.Readiness, contract.Routing.KubernetesPath(contract.Paths.Readiness)),
                        ["livenessProbe"] = Probe(contract.Liveness, contract.Paths.Liveness),
                        ["startupProbe"] = Probe(contract.Startup, contract.Paths.Startup),
                    }),
                },
            },
        },
    });

    private static JsonObject Probe(ProbeSettings probe, string path) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "http" },
        ["initialDelaySeconds"] = (int)probe.InitialDelay.TotalSeconds,
        ["periodSeconds"] = (int)probe.Period.TotalSeconds,
        ["timeoutSeconds"] = (int)probe.Timeout.TotalSeconds,
        ["failureThreshold"] = probe.FailureThreshold,
        ["successThreshold"] = probe.SuccessThreshold,
    };

    private static JsonObject Spec(string json) => new() { ["spec"] = JsonNode.Parse(json) };

    private static PlanResource Kubernetes(string type, string name, JsonObject inputs)
    {
        inputs["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" };
        return new() { Type = type, Name = name, Id = $"shop/{name}", Inputs = PlanValue.From(inputs) };
    }
}
