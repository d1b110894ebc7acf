using System.Collections.Immutable;

namespace Candor.Planning;

/// <summary>What a network stack, referred to by the recorded one, would give.</summary>
internal static class ReferencedStack
{
    internal static ImmutableDictionary<string, object> State(Cloud cloud, string name, ImmutableDictionary<string, object> inputs) => inputs
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
