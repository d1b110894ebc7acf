using System.Collections.Immutable;

namespace Candor.Planning;

/// <summary>Answers as AWS would when a resource is created.</summary>
internal static class AwsCloud
{
    internal static (string Id, ImmutableDictionary<string, object> State) Create(
        Cloud cloud, string type, string name, ImmutableDictionary<string, object> inputs)
    {
        var given = inputs.ContainsKey("name") ? inputs : inputs.SetItem("name", name);
        var (id, computed) = Computed(cloud, type, name, $"{given["name"]}", given);
        return (id, given.SetItems(computed));
    }

    private static (string Id, Dictionary<string, object> Computed) Computed(
        Cloud cloud, string type, string name, string awsName, ImmutableDictionary<string, object> inputs)
    {
        var digits = Cloud.Digits(type, name);
        switch (type)
        {
            case ResourceTypes.LoadBalancer:
                return ByArn(cloud.Arn("elasticloadbalancing", $"loadbalancer/app/{awsName}/{digits}"), new()
                {
                    ["arnSuffix"] = $"app/{awsName}/{digits}",
                    ["dnsName"] = $"{awsName}-{digits[..9]}.{cloud.Region}.elb.amazonaws.com",
                    ["zoneId"] = "Z32O12XQLNTSW2",
                });
            case ResourceTypes.TargetGroup:
                return ByArn(
                    cloud.Arn("elasticloadbalancing", $"targetgroup/{awsName}/{digits}"),
                    new() { ["arnSuffix"] = $"targetgroup/{awsName}/{digits}" });
            case ResourceTypes.Listener:
                return ByArn(cloud.Arn("elasticloadbalancing", $"listener/app/{name}/{digits}"));
            case ResourceTypes.ListenerRule:
                return ByArn(cloud.Arn("elasticloadbalancing", $"listener-rule/app/{name}/{digits}"));
            case ResourceTypes.SecurityGroup:
                return ById($"sg-{name}", cloud.Arn("ec2", $"security-group/sg-{name}"));
            case ResourceTypes.SecurityGroupIngressRule or ResourceTypes.SecurityGroupEgressRule or ResourceTypes.SecurityGroupRule:
                return ById(
                    $"sgr-{name}", cloud.Arn("ec2", $"security-group-rule/sgr-{name}"), new() { ["securityGroupRuleId"] = $"sgr-{name}" });
            case ResourceTypes.MetricAlarm or ResourceTypes.CompositeAlarm:
                return ById(name, cloud.Arn("cloudwatch", $"alarm:{name}"));
            case "aws:sns/topic:Topic":
                return ByArn(cloud.Arn("sns", awsName));
            case "aws:acm/certificate:Certificate":
                return ByArn(cloud.Arn("acm", $"certificate/{digits}"), Validation(inputs, digits));
            case "aws:route53/record:Record":
                return ById(
                    $"{inputs.GetValueOrDefault("zoneId")}_{awsName}_{inputs.GetValueOrDefault("type")}",
                    null,
                    new() { ["fqdn"] = awsName });
            default:
                return Dependency(cloud, type, name, inputs)
                    ?? ById($"{Kind(type)}-{name}", cloud.Arn(Service(type), $"{Kind(type)}/{name}"));
        }
    }

    private static (string Id, Dictionary<string, object> Computed)? Dependency(
        Cloud cloud, string type, string name, ImmutableDictionary<string, object> inputs)
    {
        var digits = Cloud.Digits(type, name)[..12];
        switch (type)
        {
            case "aws:rds/instance:Instance":
                var database = $"{inputs.GetValueOrDefault("identifier") ?? name}";
                var host = $"{database}.{digits}.{cloud.Region}.rds.amazonaws.com";
                var port = inputs.GetValueOrDefault("port") ?? 5432d;
                return ById(
                    database,
                    cloud.Arn("rds", $"db:{database}"),
                    new() { ["address"] = host, ["endpoint"] = $"{host}:{port}", ["port"] = port });
            case "aws:elasticache/replicationGroup:ReplicationGroup":
                var cache = $"{inputs.GetValueOrDefault("replicationGroupId") ?? name}";
                var suffix = $"{cache}.{digits[..6]}.{cloud.Region}.cache.amazonaws.com";
                return ById(cache, cloud.Arn("elasticache", $"replicationgroup:{cache}"), new()
                {
                    ["primaryEndpointAddress"] = $"master.{suffix}",
                    ["readerEndpointAddress"] = $"replica.{suffix}",
                    ["configurationEndpointAddress"] = $"clustercfg.{suffix}",
                });
            case "aws:mq/broker:Broker":
                var broker = $"b-{digits}";
                return ById(broker, cloud.Arn("mq", $"broker:{broker}"), new() { ["instances"] = Instances(broker, cloud.Region) });
            default:
                return null;
        }
    }

    private static ImmutableArray<object> Instances(string broker, string region)
    {
        var host = $"{broker}.mq.{region}.amazonaws.com";
        return
        [
            ImmutableDictionary<string, object>.Empty
                .Add("endpoints", ImmutableArray.Create<object>($"amqps://{host}:5671"))
                .Add("consoleUrl", $"https://{host}"),
        ];
    }

    private static Dictionary<string, object> Validation(ImmutableDictionary<string, object> inputs, string digits)
    {
        var domain = $"{inputs.GetValueOrDefault("domainName")}";
        return new()
        {
            ["domainValidationOptions"] = ImmutableArray.Create<object>(ImmutableDictionary<string, object>.Empty
                .Add("domainName", domain)
                .Add("resourceRecordName", $"_{digits}.{domain}.")
                .Add("resourceRecordType", "CNAME")
                .Add("resourceRecordValue", $"_{digits}.acm-validations.aws.")),
        };
    }

    // aws:rds/subnetGroup:SubnetGroup
    private static string Kind(string type) => type[(type.IndexOf('/', StringComparison.Ordinal) + 1)..].Split(':')[0];

    private static string Service(string type) => type.Split(':', '/')[1];

    private static (string Id, Dictionary<string, object> Computed) ByArn(string arn, Dictionary<string, object>? computed = null) =>
        ById(arn, arn, computed);

    private static (string Id, Dictionary<string, object> Computed) ById(
        string id, string? arn, Dictionary<string, object>? computed = null)
    {
        computed ??= [];
        if (arn is not null)
        {
            computed["arn"] = arn;
        }

        return (id, computed);
    }
}
