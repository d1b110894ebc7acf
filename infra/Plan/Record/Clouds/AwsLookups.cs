using System.Collections.Immutable;

namespace Candor.Planning;

/// <summary>Answers as AWS would when something is looked up that another team made.</summary>
internal static class AwsLookups
{
    /// <summary>The one VPC there is.</summary>
    internal const string VpcId = "vpc-0a1b2c3d4e5f60718";

    private static readonly ImmutableDictionary<string, object> None = ImmutableDictionary<string, object>.Empty;

    /// <summary>Three subnets of a kind, one per zone.</summary>
    internal static ImmutableArray<object> SubnetIds(string kind) => [$"subnet-{kind}-a", $"subnet-{kind}-b", $"subnet-{kind}-c"];

    internal static ImmutableDictionary<string, object> Answer(Cloud cloud, string token, ImmutableDictionary<string, object> args) =>
        // What the question already says is part of every answer.
        args.SetItems(Found(cloud, token, args));

    private static ImmutableDictionary<string, object> Found(Cloud cloud, string token, ImmutableDictionary<string, object> args) =>
        token switch
        {
            "aws:index/getCallerIdentity:getCallerIdentity" => None
                .Add("id", Cloud.Account)
                .Add("accountId", Cloud.Account)
                .Add("userId", "AIDACANDOR")
                .Add("arn", $"arn:aws:iam::{Cloud.Account}:user/candor"),
            "aws:index/getRegion:getRegion" => None
                .Add("id", cloud.Region)
                .Add("name", cloud.Region)
                .Add("region", cloud.Region)
                .Add("endpoint", $"ec2.{cloud.Region}.amazonaws.com"),
            "aws:index/getPartition:getPartition" => None
                .Add("id", "aws").Add("partition", "aws").Add("dnsSuffix", "amazonaws.com"),
            "aws:index/getAvailabilityZones:getAvailabilityZones" => None
                .Add("id", cloud.Region).Add(
                    "names", ImmutableArray.Create<object>($"{cloud.Region}a", $"{cloud.Region}b", $"{cloud.Region}c")),
            "aws:ec2/getVpc:getVpc" => Vpc(cloud, args),
            "aws:ec2/getSubnets:getSubnets" => None.Add("id", cloud.Region).Add("ids", SubnetIds("private")),
            "aws:ec2/getSubnet:getSubnet" => Subnet(cloud, args),
            "aws:eks/getCluster:getCluster" => Cluster(cloud, $"{args.GetValueOrDefault("name") ?? "cluster"}"),
            "aws:eks/getClusterAuth:getClusterAuth" => None.Add("token", SecretToken.Unnamed),
            "aws:route53/getZone:getZone" => Zone(args),
            _ => None.Add("id", Cloud.Digits(token, string.Empty)),
        };

    private static ImmutableDictionary<string, object> Vpc(Cloud cloud, ImmutableDictionary<string, object> args)
    {
        var id = $"{args.GetValueOrDefault("id") ?? VpcId}";
        return None.Add("id", id).Add("arn", cloud.Arn("ec2", $"vpc/{id}")).Add("cidrBlock", "10.0.0.0/16");
    }

    private static ImmutableDictionary<string, object> Subnet(Cloud cloud, ImmutableDictionary<string, object> args)
    {
        var id = $"{args.GetValueOrDefault("id") ?? "subnet-private-a"}";
        // Each subnet its own /20 of the VPC, whatever its name.
        var block = Convert.ToInt32(Cloud.Digits("subnet", id)[..1], 16) * 16;
        return None
            .Add("id", id)
            .Add("arn", cloud.Arn("ec2", $"subnet/{id}"))
            .Add("vpcId", VpcId)
            .Add("cidrBlock", $"10.0.{block}.0/20")
            .Add("availabilityZone", $"{cloud.Region}{(char.IsAsciiLetter(id[^1]) ? id[^1] : 'a')}");
    }

    private static ImmutableDictionary<string, object> Cluster(Cloud cloud, string name) => None
        .Add("id", name)
        .Add("arn", cloud.Arn("eks", $"cluster/{name}"))
        .Add("endpoint", $"https://{Cloud.Digits("cluster", name)}.gr7.{cloud.Region}.eks.amazonaws.com")
        .Add("certificateAuthorities", ImmutableArray.Create<object>(None.Add("data", "Y2VydGlmaWNhdGUtYXV0aG9yaXR5")))
        .Add("vpcConfig", None
            .Add("vpcId", VpcId)
            .Add("clusterSecurityGroupId", $"sg-eks-{name}")
            .Add("subnetIds", SubnetIds("private")));

    private static ImmutableDictionary<string, object> Zone(ImmutableDictionary<string, object> args)
    {
        var name = $"{args.GetValueOrDefault("name") ?? "example.com"}".TrimEnd('.');
        var id = "Z" + Cloud.Digits("zone", name).ToUpperInvariant();
        return None.Add("id", id).Add("zoneId", id).Add("name", name).Add("arn", $"arn:aws:route53:::hostedzone/{id}");
    }
}
