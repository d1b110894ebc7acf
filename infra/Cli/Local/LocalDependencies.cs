using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Planning;

namespace Candor.Cli.Local;

/// <summary>
/// Dependencies that the stack does not make, on this machine: the service is told where they are here, and those that a command starts
/// run as a pod like any other, so that their links can be cut as well.
/// </summary>
internal static class LocalDependencies
{
    private const string Egress = """
        { "to": [{ "podSelector": { "matchLabels": { "app.kubernetes.io/name": "$NAME" } } }], "ports": [{ "port": $PORT, "protocol": "TCP" }] }
        """;

    // A program of somebody else's may take a while to start; that it listens is all that can be known of it.
    private const string Pod = """
        {
          "metadata": { "name": "$NAME", "namespace": "$SPACE" },
          "spec": {
            "serviceName": "$NAME",
            "replicas": 1,
            "selector": { "matchLabels": { "app.kubernetes.io/name": "$NAME" } },
            "template": {
              "metadata": { "labels": { "app.kubernetes.io/name": "$NAME" } },
              "spec": {
                "containers": [{
                  "name": "$NAME",
                  "image": "$IMAGE",
                  "ports": [{ "name": "main", "containerPort": $PORT }],
                  "startupProbe": { "tcpSocket": { "port": "main" }, "periodSeconds": 1, "failureThreshold": 120 },
                  "readinessProbe": { "tcpSocket": { "port": "main" }, "periodSeconds": 5 }
                }]
              }
            }
          }
        }
        """;

    private const string Service = """
        {
          "metadata": { "name": "$NAME", "namespace": "$SPACE" },
          "spec": {
            "type": "ClusterIP",
            "clusterIP": "None",
            "selector": { "app.kubernetes.io/name": "$NAME" },
            "ports": [{ "name": "main", "port": $PORT, "targetPort": "main", "protocol": "TCP" }]
          }
        }
        """;

    // The namespace denies what no policy admits.
    private const string Ingress = """
        {
          "metadata": { "name": "$NAME", "namespace": "$SPACE" },
          "spec": {
            "podSelector": { "matchLabels": { "app.kubernetes.io/name": "$NAME" } },
            "policyTypes": ["Ingress"],
            "ingress": [{ "from": [{ "podSelector": {} }], "ports": [{ "port": $PORT, "protocol": "TCP" }] }]
          }
        }
        """;

    /// <summary>The image that stands for the command of a dependency.</summary>
    internal static string ImageOf(string dependency) => $"candor.local/{dependency}";

    /// <summary>The Plan with each dependency's connection string, and a pod for each that has a command.</summary>
    /// <exception cref="UsageException">No contract of the Plan names a dependency; the message says which names there are.</exception>
    internal static Plan AddTo(Plan plan, IReadOnlyDictionary<string, ProgramChoice> choices)
    {
        foreach (var (name, choice) in choices.Where(entry => entry.Value.Connection is not null))
        {
            plan = Add(plan, name, choice);
        }

        return plan;
    }

    private static Plan Add(Plan plan, string name, ProgramChoice choice)
    {
        var dialled = plan.WorkloadsOf().Select(workload => (Workload: workload, Contract: plan.ContractOf(workload))).Where(pair => pair.Contract is not null).ToList();
        var users = dialled.Where(pair => pair.Contract!.Dependencies.Any(dependency => dependency.Name == name)).ToList();
        if (users.Count == 0)
        {
            var known = string.Join(", ", dialled.SelectMany(pair => pair.Contract!.Dependencies).Select(dependency => dependency.Name).Distinct());
            throw new UsageException($"candor:local has a connection for '{name}', which no contract of the stack dials. Its dependencies: {(known.Length > 0 ? known : "none")}.");
        }

        var (space, port) = (users[0].Workload.KubernetesNamespace, users[0].Contract!.Dependencies.First(dependency => dependency.Name == name).DialledPort());
        var connection = choice.Connection!
            .Replace("{host}", choice.IsCommand ? $"{name}.{space}.svc" : "127.0.0.1", StringComparison.Ordinal)
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var resources = plan.Resources.Select(resource => Told(resource, name, connection));
        if (choice.IsCommand)
        {
            resources = resources
                .Select(resource => resource.Type == ResourceTypes.NetworkPolicy && users.Any(user => Is(resource, user.Workload)) ? Opened(resource, name, port) : resource)
                .Concat(
                [
                    Resource(ResourceTypes.StatefulSet, name, space, Pod, port),
                    Resource(ResourceTypes.Service, name, space, Service, port),
                    Resource(ResourceTypes.NetworkPolicy, name, space, Ingress, port),
                ]);
        }

        return plan with { Resources = [.. resources.OrderBy(resource => resource.Urn, StringComparer.Ordinal)] };
    }

    private static PlanResource Told(PlanResource resource, string dependency, string connection)
    {
        var variable = $"ConnectionStrings__{dependency}";
        var part = resource.Type switch { ResourceTypes.Secret => "stringData", ResourceTypes.ConfigMap => "data", _ => null };
        if (part is null || !resource.Inputs[part][variable].Exists)
        {
            return resource;
        }

        var inputs = resource.Inputs.ToNode()!;
        inputs[part]![variable] = connection;
        return resource with { Inputs = PlanValue.From(inputs) };
    }

    private static bool Is(PlanResource policy, PlanResource workload) =>
        policy.KubernetesNamespace == workload.KubernetesNamespace && policy.KubernetesName == workload.KubernetesName;

    private static PlanResource Opened(PlanResource policy, string dependency, int port)
    {
        var inputs = policy.Inputs.ToNode()!;
        if (inputs["spec"]?["egress"] is JsonArray egress)
        {
            egress.Add(JsonNode.Parse(Filled(Egress, dependency, policy.KubernetesNamespace, port)));
        }

        return policy with { Inputs = PlanValue.From(inputs) };
    }

    private static PlanResource Resource(string type, string name, string space, string template, int port) =>
        new() { Type = type, Name = name, Inputs = PlanValue.Parse(Filled(template, name, space, port)) };

    // A dependency's name has letters, digits and dashes only, as has a namespace: neither can leave its place.
    private static string Filled(string template, string name, string space, int port) => template
        .Replace("$NAME", name, StringComparison.Ordinal)
        .Replace("$SPACE", space, StringComparison.Ordinal)
        .Replace("$IMAGE", $"{ImageOf(name)}:local", StringComparison.Ordinal)
        .Replace("$PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
