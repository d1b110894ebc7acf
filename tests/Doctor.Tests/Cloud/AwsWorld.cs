using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using System.Xml.Linq;
using Candor.Testing.Network;

namespace Candor.Doctor.Tests.Cloud;

/// <summary>
/// A small AWS: one load balancer with one target group, in the shapes that the <c>aws</c> command prints. It is replayed by a
/// stand-in for the command, or by an HTTP endpoint that speaks the query protocol to the real command.
/// </summary>
internal sealed class AwsWorld : IAsyncDisposable
{
    internal const string Arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/9301ab9f0f73cdc4";
    private const string BalancerArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/orders/50dc6c495c0c9188";
    private const string ListenerArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/orders/50dc6c495c0c9188/f2f7dc8efc522ab2";

    private static readonly Dictionary<string, string> Ec2Names = new()
    {
        ["SecurityGroups"] = "securityGroupInfo",
        ["NetworkInterfaces"] = "networkInterfaceSet",
        ["Groups"] = "groupSet",
        ["PrivateIpAddresses"] = "privateIpAddressesSet",
        ["Subnets"] = "subnetSet",
        ["NetworkAcls"] = "networkAclSet",
        ["Associations"] = "associationSet",
        ["Entries"] = "entrySet",
        ["UserIdGroupPairs"] = "groups",
        ["RouteTables"] = "routeTableSet",
        ["Routes"] = "routeSet",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("candor-doctor-aws-").FullName;
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Answers by action, as the command prints them.</summary>
    internal Dictionary<string, JsonObject> Answers { get; } = Healthy();

    /// <summary>Errors by action: the code, and for how many questions; -1 for all.</summary>
    internal Dictionary<string, (string Code, string Message, int Times)> Errors { get; } = [];

    /// <summary>What the stand-in prints instead, by action.</summary>
    internal Dictionary<string, string> Texts { get; } = [];

    /// <summary>The action whose question is never answered by the stand-in.</summary>
    internal string? Hanging { get; set; }

    /// <summary>The list of an action that comes in two pages.</summary>
    internal string? Paged { get; set; }

    internal JsonObject Group => Answers["DescribeTargetGroups"]["TargetGroups"]![0]!.AsObject();

    internal JsonArray Targets => Answers["DescribeTargetHealth"]["TargetHealthDescriptions"]!.AsArray();

    internal IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>Makes every target unhealthy.</summary>
    internal AwsWorld Unhealthy(string code, string description)
    {
        foreach (var target in Targets)
        {
            target!["TargetHealth"] = new JsonObject { ["State"] = "unhealthy", ["Reason"] = code, ["Description"] = description };
        }

        return this;
    }

    /// <summary>Values of a metric, one a minute, the newest first.</summary>
    internal void Metric(int index, params double[] values)
    {
        var result = Answers["GetMetricData"]["MetricDataResults"]!.AsArray().First(one => one!["Id"]!.GetValue<string>() == $"m{index}")!;
        var now = TimeProvider.System.GetUtcNow();
        result["Timestamps"] = new JsonArray([.. values.Select((_, minute) => (JsonNode)now.AddMinutes(-minute - 1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))]);
        result["Values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }

    /// <summary>What the stand-in was asked, such as <c>elbv2 describe-target-health</c>.</summary>
    internal Task<string[]> CallsAsync() => File.ReadAllLinesAsync(Path.Combine(_folder, "calls"));

    /// <summary>A stand-in for the command; its path.</summary>
    internal async Task<string> StandInAsync()
    {
        var script = new StringBuilder($"#!/bin/sh\necho \"$1 $2\" >>'{_folder}/calls'\ncase \"$1 $2\" in\n");
        foreach (var (action, answer) in Answers)
        {
            var words = string.Concat(action.Select(letter => char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : letter.ToString())).TrimStart('-');
            await File.WriteAllTextAsync(Path.Combine(_folder, action + ".json"), Texts.GetValueOrDefault(action) ?? answer.ToJsonString());
            script.Append(Errors.TryGetValue(action, out var error)
                ? $"*' {words}') echo 'An error occurred ({error.Code}) when calling the {action} operation: {error.Message}' >&2; exit 254;;\n"
                : action == Hanging ? $"*' {words}') exec sleep 300;;\n"
                : $"*' {words}') cat '{_folder}/{action}.json';;\n");
        }

        var program = Path.Combine(_folder, "aws");
        await File.WriteAllTextAsync(program, script.Append("*) echo 'unknown' >&2; exit 252;;\nesac\n").ToString());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return program;
    }

    /// <summary>An endpoint for the real command; its URL.</summary>
    internal string Endpoint()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(url);
        _listener.Start();
        _running = ServeAsync();
        return url.TrimEnd('/');
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _running;
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
                var (status, xml) = Answer(form["Action"] ?? string.Empty, form);
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/xml";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(xml));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private (int Status, string Xml) Answer(string action, System.Collections.Specialized.NameValueCollection form)
    {
        var count = _asked.AddOrUpdate(action, 1, (_, before) => before + 1);
        var ec2 = form["Version"] == "2016-11-15";
        if (Errors.TryGetValue(action, out var error) && (error.Times < 0 || count <= error.Times))
        {
            var inner = $"<Error><Code>{error.Code}</Code><Message>{error.Message}</Message></Error>";
            return (error.Code.StartsWith("Throttling", StringComparison.Ordinal) ? 400 : 403, ec2 ? $"<Response><Errors>{inner}</Errors><RequestID>1</RequestID></Response>" : $"<ErrorResponse>{inner}<RequestId>1</RequestId></ErrorResponse>");
        }

        var answer = Answers.TryGetValue(action, out var known) ? known.DeepClone().AsObject() : [];
        if (Paged is not null && answer[Paged] is JsonArray { Count: > 1 } list)
        {
            var second = form["Marker"] is not null || form["NextToken"] is not null;
            answer[Paged] = new JsonArray([.. list.Where((_, index) => index > 0 == second).Select(item => item!.DeepClone())]);
            if (!second)
            {
                answer[ec2 ? "NextToken" : "NextMarker"] = "more";
            }
        }

        XElement Element(string name, JsonNode? value) => value switch
        {
            JsonObject record => new(name, record.Select(pair => Element(Name(pair.Key), pair.Value))),
            JsonArray items => new(name, items.Select(item => Element(ec2 ? "item" : "member", item))),
            _ => new(name, value?.ToString()),
        };
        string Name(string key) => !ec2 ? key : Ec2Names.GetValueOrDefault(key) ?? char.ToLowerInvariant(key[0]) + key[1..];
        var parts = answer.Select(pair => Element(Name(pair.Key), pair.Value));
        var response = ec2 ? new XElement(action + "Response", parts) : new XElement(action + "Response", new XElement(action + "Result", parts), new XElement("ResponseMetadata", new XElement("RequestId", "1")));
        return (200, response.ToString(SaveOptions.DisableFormatting));
    }

    private static Dictionary<string, JsonObject> Healthy() => new()
    {
        ["DescribeTargetGroups"] = Parse($$"""
            {"TargetGroups":[{"TargetGroupArn":"{{Arn}}","TargetGroupName":"orders","Protocol":"HTTP","Port":8080,"VpcId":"vpc-1","HealthCheckProtocol":"HTTP","HealthCheckPort":"traffic-port","HealthCheckEnabled":true,
            "HealthCheckIntervalSeconds":10,"HealthCheckTimeoutSeconds":5,"HealthyThresholdCount":2,"UnhealthyThresholdCount":3,"HealthCheckPath":"/health","Matcher":{"HttpCode":"200"},"LoadBalancerArns":["{{BalancerArn}}"],"TargetType":"ip","ProtocolVersion":"HTTP1"}]}
            """),
        ["DescribeTargetGroupAttributes"] = Parse("""{"Attributes":[{"Key":"deregistration_delay.timeout_seconds","Value":"30"},{"Key":"slow_start.duration_seconds","Value":"0"}]}"""),
        ["DescribeTargetHealth"] = Parse("""
            {"TargetHealthDescriptions":[
            {"Target":{"Id":"10.244.0.10","Port":8080,"AvailabilityZone":"eu-west-1a"},"HealthCheckPort":"8080","TargetHealth":{"State":"healthy"}},
            {"Target":{"Id":"10.244.0.11","Port":8080,"AvailabilityZone":"eu-west-1b"},"HealthCheckPort":"8080","TargetHealth":{"State":"healthy"}}]}
            """),
        ["DescribeTags"] = Parse($$"""{"TagDescriptions":[{"ResourceArn":"{{Arn}}","Tags":[{"Key":"candor:contract-hash","Value":"b798555daaae00d3"}]}]}"""),
        ["DescribeLoadBalancers"] = Parse($$"""
            {"LoadBalancers":[{"LoadBalancerArn":"{{BalancerArn}}","DNSName":"orders.example.com","LoadBalancerName":"orders","Scheme":"internal","Type":"application","VpcId":"vpc-1","State":{"Code":"active"},"SecurityGroups":["sg-balancer"],
            "AvailabilityZones":[{"ZoneName":"eu-west-1a","SubnetId":"subnet-a"},{"ZoneName":"eu-west-1b","SubnetId":"subnet-b"}]}]}
            """),
        ["DescribeListeners"] = Parse($$"""{"Listeners":[{"ListenerArn":"{{ListenerArn}}","LoadBalancerArn":"{{BalancerArn}}","Port":80,"Protocol":"HTTP","DefaultActions":[{"Type":"forward","TargetGroupArn":"{{Arn}}"}]}]}"""),
        ["DescribeRules"] = Parse($$"""{"Rules":[{"RuleArn":"{{ListenerArn}}/1","Priority":"default","IsDefault":true,"Actions":[{"Type":"forward","TargetGroupArn":"{{Arn}}"}]}]}"""),
        ["DescribeNetworkInterfaces"] = Parse("""
            {"NetworkInterfaces":[
            {"NetworkInterfaceId":"eni-1","SubnetId":"subnet-pods","VpcId":"vpc-1","PrivateIpAddress":"10.244.0.10","Groups":[{"GroupId":"sg-pods","GroupName":"pods"}],"PrivateIpAddresses":[{"PrivateIpAddress":"10.244.0.10"}]},
            {"NetworkInterfaceId":"eni-2","SubnetId":"subnet-pods","VpcId":"vpc-1","PrivateIpAddress":"10.244.0.11","Groups":[{"GroupId":"sg-pods","GroupName":"pods"}],"PrivateIpAddresses":[{"PrivateIpAddress":"10.244.0.11"}]}]}
            """),
        ["DescribeSecurityGroups"] = Parse("""
            {"SecurityGroups":[
            {"GroupId":"sg-balancer","GroupName":"balancer","IpPermissions":[],"IpPermissionsEgress":[{"IpProtocol":"tcp","FromPort":8080,"ToPort":8080,"UserIdGroupPairs":[{"GroupId":"sg-pods"}],"IpRanges":[]}]},
            {"GroupId":"sg-pods","GroupName":"pods","IpPermissions":[{"IpProtocol":"tcp","FromPort":8080,"ToPort":8080,"UserIdGroupPairs":[{"GroupId":"sg-balancer"}],"IpRanges":[]}],"IpPermissionsEgress":[{"IpProtocol":"-1","UserIdGroupPairs":[],"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}]}
            """),
        ["DescribeSubnets"] = Parse("""{"Subnets":[{"SubnetId":"subnet-a","VpcId":"vpc-1","CidrBlock":"10.20.0.0/24","AvailabilityZone":"eu-west-1a"},{"SubnetId":"subnet-b","VpcId":"vpc-1","CidrBlock":"10.20.1.0/24","AvailabilityZone":"eu-west-1b"},{"SubnetId":"subnet-pods","VpcId":"vpc-1","CidrBlock":"10.244.0.0/20","AvailabilityZone":"eu-west-1a"}]}"""),
        ["DescribeNetworkAcls"] = Parse("""
            {"NetworkAcls":[{"NetworkAclId":"acl-1","Associations":[{"SubnetId":"subnet-a"},{"SubnetId":"subnet-b"},{"SubnetId":"subnet-pods"}],"Entries":[
            {"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","Egress":false,"CidrBlock":"0.0.0.0/0"},{"RuleNumber":32767,"Protocol":"-1","RuleAction":"deny","Egress":false,"CidrBlock":"0.0.0.0/0"},
            {"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","Egress":true,"CidrBlock":"0.0.0.0/0"},{"RuleNumber":32767,"Protocol":"-1","RuleAction":"deny","Egress":true,"CidrBlock":"0.0.0.0/0"}]}]}
            """),
        ["DescribeRouteTables"] = Parse("""
            {"RouteTables":[
            {"RouteTableId":"rtb-main","VpcId":"vpc-1","Associations":[{"RouteTableId":"rtb-main","Main":true}],"Routes":[{"DestinationCidrBlock":"10.20.0.0/16","GatewayId":"local","State":"active"},{"DestinationCidrBlock":"10.244.0.0/16","GatewayId":"local","State":"active"}]},
            {"RouteTableId":"rtb-public","VpcId":"vpc-1","Associations":[{"RouteTableId":"rtb-public","SubnetId":"subnet-a","Main":false},{"RouteTableId":"rtb-public","SubnetId":"subnet-b","Main":false}],
            "Routes":[{"DestinationCidrBlock":"10.20.0.0/16","GatewayId":"local","State":"active"},{"DestinationCidrBlock":"10.244.0.0/16","GatewayId":"local","State":"active"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1","State":"active"}]}]}
            """),
        ["GetMetricData"] = new() { ["MetricDataResults"] = new JsonArray([.. Enumerable.Range(0, 9).Select(index => (JsonNode)new JsonObject { ["Id"] = $"m{index}", ["Label"] = "x", ["Timestamps"] = new JsonArray(), ["Values"] = new JsonArray() })]) },
    };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
