using System.Text.Json;
using Pulumi;
using Pulumi.Aws.Eks;

namespace Candor.Program.Providers;

/// <summary>A kubeconfig that asks the AWS command line for a short-lived token at each use, so that none is stored in the state.</summary>
internal static class EksKubeconfig
{
    /// <summary>The kubeconfig of the cluster as JSON, which is YAML too.</summary>
    public static Output<string> Of(Output<GetClusterResult> cluster, string region) => cluster.Apply(found => Render(
        found.Name,
        found.Endpoint,
        found.CertificateAuthorities.IsDefaultOrEmpty ? string.Empty : found.CertificateAuthorities[0].Data,
        region));

    private static string Render(
        string name, string endpoint, string authority, string region) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = name,
            ["clusters"] = new[]
        {
            Entry(name, "cluster", new() { ["server"] = endpoint, ["certificate-authority-data"] = authority }),
        },
            ["contexts"] = new[]
        {
            Entry(name, "context", new() { ["cluster"] = name, ["user"] = name }),
        },
            ["users"] = new[]
        {
            Entry(name, "user", new()
            {
                ["exec"] = new Dictionary<string, object>
                {
                    ["apiVersion"] = "client.authentication.k8s.io/v1beta1",
                    ["command"] = "aws",
                    ["args"] = new[] { "eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json" },
                },
            }),
        },
        });

    private static Dictionary<string, object> Entry(string name, string kind, Dictionary<string, object> value) =>
        new() { ["name"] = name, [kind] = value };
}
