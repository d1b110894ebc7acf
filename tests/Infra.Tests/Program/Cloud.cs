using System.Collections.Immutable;
using Pulumi.Testing;

namespace Candor.Infra.Tests.Program;

/// <summary>What AWS would answer: the inputs, and for each type the outputs that the program reads.</summary>
internal static class Cloud
{
    public static (string? Id, object State) Create(MockResourceArgs args)
    {
        var state = args.Inputs.ToBuilder();
        var name = args.Name!;
        state["arn"] = $"arn:aws:mock:eu-west-1:123456789012:{name}";
        state["arnSuffix"] = $"{args.Type!.Split(':')[^1]}/{name}";
        state.TryAdd("name", name);
        foreach (var (key, value) in Of(args.Type!, name))
        {
            state[key] = value;
        }

        return ($"{name}-id", state.ToImmutable());
    }

    public static object Call(MockCallArgs args) => args.Token switch
    {
        "aws:route53/getZone:getZone" => args.Args.SetItem("zoneId", "Z123").SetItem("id", "Z123"),
        "aws:eks/getCluster:getCluster" => args.Args.SetItems(Cluster()),
        _ => args.Args,
    };

    private static Dictionary<string, object> Cluster() => new()
    {
        ["endpoint"] = "https://cluster.example.com",
        ["certificateAuthorities"] = ImmutableArray.Create<object>(
            new Dictionary<string, object> { ["data"] = "Y2E=" }.ToImmutableDictionary()),
        ["vpcConfig"] = new Dictionary<string, object> { ["clusterSecurityGroupId"] = "sg-cluster" }.ToImmutableDictionary(),
    };

    private static Dictionary<string, object> Of(string type, string name) => type switch
    {
        "aws:lb/loadBalancer:LoadBalancer" => new() { ["dnsName"] = "balancer.example.com", ["zoneId"] = "ZLB" },
        "aws:acm/certificate:Certificate" => new()
        {
            ["domainValidationOptions"] = ImmutableArray.Create<object>(new Dictionary<string, object>
            {
                ["domainName"] = "orders.example.com",
                ["resourceRecordName"] = "_proof.orders.example.com.",
                ["resourceRecordType"] = "CNAME",
                ["resourceRecordValue"] = "_value.acm-validations.aws.",
            }.ToImmutableDictionary()),
        },
        "aws:route53/record:Record" => new() { ["fqdn"] = $"{name}.example.com" },
        "aws:rds/instance:Instance" => new() { ["address"] = "database.rds.example.com" },
        "aws:elasticache/replicationGroup:ReplicationGroup" => new() { ["primaryEndpointAddress"] = "cache.elasticache.example.com" },
        "aws:mq/broker:Broker" => new()
        {
            ["instances"] = ImmutableArray.Create<object>(new Dictionary<string, object>
            {
                ["endpoints"] = ImmutableArray.Create<object>("amqps://queue.mq.example.com:5671"),
            }.ToImmutableDictionary()),
        },
        "pulumi:pulumi:StackReference" => new()
        {
            ["outputs"] = new Dictionary<string, object>
            {
                ["vpcId"] = "vpc-shared",
                ["balancerSubnetIds"] = ImmutableArray.Create<object>("subnet-a", "subnet-b"),
                ["privateSubnetIds"] = ImmutableArray.Create<object>("subnet-c", "subnet-d"),
                ["clusterName"] = "shared",
            }.ToImmutableDictionary(),
            ["secretOutputNames"] = ImmutableArray<object>.Empty,
        },
        _ => [],
    };
}
