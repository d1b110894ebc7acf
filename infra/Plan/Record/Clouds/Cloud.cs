using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Candor.Planning;

/// <summary>
/// Answers as AWS and Kubernetes would, with names that are plausible and the same every time: what refers to another resource
/// then shows which one, and two recordings are equal.
/// </summary>
/// <param name="Region">The AWS region of every answer.</param>
internal sealed record Cloud(string Region)
{
    /// <summary>The account of AWS's own documentation.</summary>
    internal const string Account = "123456789012";

    /// <summary>The cloud that the settings are for.</summary>
    internal static Cloud Of(StackSettings settings) => new(
        settings.Config.GetValueOrDefault($"{settings.Project}:region") is { Length: > 0 } region ? region
        : settings.Config.GetValueOrDefault("aws:region") is { Length: > 0 } ambient ? ambient
        : "eu-west-1");

    /// <summary>A resource is created: its id, and its state by wire name.</summary>
    internal (string Id, ImmutableDictionary<string, object> State) Create(
        string type, string name, ImmutableDictionary<string, object> inputs)
    {
        if (type.StartsWith(ResourceTypes.KubernetesPrefix, StringComparison.Ordinal))
        {
            return KubernetesCloud.Create(name, inputs);
        }

        return type.StartsWith("aws:", StringComparison.Ordinal)
            ? AwsCloud.Create(this, type, name, inputs)
            : CreateOther(type, name, inputs);
    }

    /// <summary>Something that exists already is looked up: its description by wire name.</summary>
    internal ImmutableDictionary<string, object> LookUp(string token, ImmutableDictionary<string, object> args) =>
        AwsLookups.Answer(this, token, args);

    /// <summary>Sixteen hexadecimal digits that depend on nothing but the names.</summary>
    internal static string Digits(string type, string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}::{name}")))[..16];

    /// <summary>An Amazon resource name in this account and region.</summary>
    internal string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Account}:{resource}";

    private (string Id, ImmutableDictionary<string, object> State) CreateOther(
        string type, string name, ImmutableDictionary<string, object> inputs) =>
        type == ResourceTypes.StackReference ? (name, ReferencedStack.State(this, name, inputs)) : (name, inputs);
}

/// <summary>What a network stack, referred to by the recorded one, would give.</summary>
internal static class ReferencedStack
{
    internal static ImmutableDictionary<string, object> State(Cloud cloud, string name, ImmutableDictionary<string, object> inputs) =>
        inputs
        .SetItem("name", inputs.GetValueOrDefault("name") ?? name)
        .SetItem("outputs", ImmutableDictionary<string, object>.Empty
            .Add("vpcId", AwsLookups.VpcId)
            .Add("balancerSubnetIds", AwsLookups.SubnetIds("public"))
            .Add("publicSubnetIds", AwsLookups.SubnetIds("public"))
            .Add("privateSubnetIds", AwsLookups.SubnetIds("private"))
            .Add("clusterName", "cluster")
            .Add("region", cloud.Region))
        .SetItem("secretOutputNames", ImmutableArray<object>.Empty);
}
