using System.Text.Json.Nodes;
using Candor.Doctor.Model;
using Candor.Doctor.Output;
using Candor.Doctor.Tests.Cluster;

namespace Candor.Doctor.Tests.Cloud;

/// <summary>Each cause that AWS shows: named right, first, and nothing else.</summary>
public sealed class CloudDoctorTests
{
    [Fact]
    public async Task Healthy_target_group_is_not_diagnosed()
    {
        await using var world = new AwsWorld();
        var diagnosis = await AskAsync(world);
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.Equal(0, diagnosis.ExitCode);
        Assert.Empty(diagnosis.Gaps);
    }

    [Fact]
    public async Task Security_group_that_does_not_admit_the_balancer_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        world.Answers["DescribeSecurityGroups"]["SecurityGroups"]![1]!["IpPermissions"] = new JsonArray();
        AssertDiagnosed(await AskAsync(world), "security-group", PathStep.SecurityGroup, "sg-pods", "no ingress rule for TCP 8080", "sg-balancer");
    }

    [Fact]
    public async Task Balancer_that_is_not_let_out_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        world.Answers["DescribeSecurityGroups"]["SecurityGroups"]![0]!["IpPermissionsEgress"] = new JsonArray();
        AssertDiagnosed(await AskAsync(world), "security-group", PathStep.SecurityGroup, "sg-balancer", "no egress rule for TCP 8080");
    }

    [Fact]
    public async Task Pod_in_another_group_than_the_one_that_was_opened_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        world.Answers["DescribeSecurityGroups"]["SecurityGroups"]![0]!["IpPermissionsEgress"]![0]!["UserIdGroupPairs"] = new JsonArray(new JsonObject { ["GroupId"] = "sg-pods" }, new JsonObject { ["GroupId"] = "sg-nodes" });
        foreach (var card in world.Answers["DescribeNetworkInterfaces"]["NetworkInterfaces"]!.AsArray())
        {
            card!["Groups"] = new JsonArray(new JsonObject { ["GroupId"] = "sg-nodes" });
        }

        world.Answers["DescribeSecurityGroups"]["SecurityGroups"]!.AsArray().Add(new JsonObject { ["GroupId"] = "sg-nodes", ["GroupName"] = "nodes", ["IpPermissions"] = new JsonArray(), ["IpPermissionsEgress"] = new JsonArray() });
        AssertDiagnosed(await AskAsync(world), "security-group", PathStep.SecurityGroup, "sg-nodes", "opened on sg-pods");
    }

    [Fact]
    public async Task Network_acl_that_drops_the_answer_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        var entries = world.Answers["DescribeNetworkAcls"]["NetworkAcls"]![0]!["Entries"]!.AsArray();
        entries[2] = JsonNode.Parse("""{"RuleNumber":100,"Protocol":"6","RuleAction":"allow","Egress":true,"CidrBlock":"0.0.0.0/0","PortRange":{"From":8080,"To":8080}}""");
        AssertDiagnosed(await AskAsync(world), "network-acl", PathStep.SecurityGroup, "acl-1", "ephemeral ports");
    }

    [Fact]
    public async Task Network_acl_of_the_targets_subnet_that_lets_only_some_ephemeral_ports_out_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        var acls = world.Answers["DescribeNetworkAcls"]["NetworkAcls"]!.AsArray();
        acls[0]!["Associations"]!.AsArray().RemoveAt(2);
        acls.Add(JsonNode.Parse("""
            {"NetworkAclId":"acl-pods","Associations":[{"SubnetId":"subnet-pods"}],"Entries":[
            {"RuleNumber":100,"Protocol":"6","RuleAction":"allow","Egress":false,"CidrBlock":"10.20.0.0/16","PortRange":{"From":8080,"To":8080}},
            {"RuleNumber":100,"Protocol":"6","RuleAction":"allow","Egress":true,"CidrBlock":"10.20.0.0/16","PortRange":{"From":32768,"To":65535}},
            {"RuleNumber":32767,"Protocol":"-1","RuleAction":"deny","Egress":false,"CidrBlock":"0.0.0.0/0"},{"RuleNumber":32767,"Protocol":"-1","RuleAction":"deny","Egress":true,"CidrBlock":"0.0.0.0/0"}]}
            """));
        AssertDiagnosed(await AskAsync(world), "network-acl", PathStep.SecurityGroup, "acl-pods", "subnet-pods", "ephemeral ports 1024-65535", "TCP 1024");
    }

    [Fact]
    public async Task Network_acl_that_drops_the_check_is_named()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        world.Answers["DescribeNetworkAcls"]["NetworkAcls"]![0]!["Entries"]!.AsArray()
            .Add(JsonNode.Parse("""{"RuleNumber":90,"Protocol":"6","RuleAction":"deny","Egress":false,"CidrBlock":"10.20.0.0/24","PortRange":{"From":8000,"To":8999}}"""));
        AssertDiagnosed(await AskAsync(world), "network-acl", PathStep.SecurityGroup, "into the pods' subnet on TCP 8080", "rule 90 denies");
    }

    [Theory]
    [InlineData("rtb-public", "10.244.0.0/16", null, "has no route to 10.244.0.10 but 0.0.0.0/0 to internet gateway igw-1")]
    [InlineData("rtb-public", "10.244.0.0/16", "pcx-1", "sends 10.244.0.0/16 into a black hole: pcx-1 is gone")]
    [InlineData("rtb-main", "10.20.0.0/16", null, "has no route to 10.20.0.0/24")]
    [InlineData("rtb-main", "10.20.0.0/16", "tgw-1", "sends 10.20.0.0/16 into a black hole: tgw-1 is gone")]
    public async Task Route_that_is_missing_or_leads_nowhere_is_named(string table, string range, string? gone, string words)
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        var routes = world.Answers["DescribeRouteTables"]["RouteTables"]!.AsArray().First(one => one!["RouteTableId"]!.GetValue<string>() == table)!["Routes"]!.AsArray();
        var route = routes.First(one => one!["DestinationCidrBlock"]!.GetValue<string>() == range)!.AsObject();
        if (gone is null)
        {
            routes.Remove(route);
        }
        else
        {
            route.Remove("GatewayId");
            route[gone.StartsWith("tgw", StringComparison.Ordinal) ? "TransitGatewayId" : "VpcPeeringConnectionId"] = gone;
            route["State"] = "blackhole";
        }

        AssertDiagnosed(await AskAsync(world), "route", PathStep.SecurityGroup, table, words);
    }

    [Fact]
    public async Task Narrowest_route_decides()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        var routes = world.Answers["DescribeRouteTables"]["RouteTables"]![1]!["Routes"]!.AsArray();
        routes.Add(JsonNode.Parse("""{"DestinationCidrBlock":"10.0.0.0/8","TransitGatewayId":"tgw-1","State":"blackhole"}"""));
        Assert.Equal("filtered", (await AskAsync(world)).Cause?.Cause);
        routes.Add(JsonNode.Parse("""{"DestinationCidrBlock":"10.244.0.0/24","TransitGatewayId":"tgw-2","State":"blackhole"}"""));
        AssertDiagnosed(await AskAsync(world), "route", PathStep.SecurityGroup, "rtb-public", "tgw-2 is gone");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"TargetGroups\":[{\"TargetGroupArn\":\"")]
    [InlineData("{\"TargetGroups\":7,\"TargetHealthDescriptions\":[7,null,{\"Target\":[]}],\"RouteTables\":[{\"Routes\":[{\"DestinationCidrBlock\":\"x/99\"}]}],\"Subnets\":{}}")]
    [InlineData("<html>Bad gateway</html>")]
    public async Task Any_text_instead_of_an_answer_is_survived(string text)
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        foreach (var action in world.Answers.Keys)
        {
            world.Texts.Clear();
            world.Texts[action] = text;
            var diagnosis = await AskAsync(world);
            Assert.InRange(diagnosis.ExitCode, 0, 2);
            Assert.NotEmpty(DiagnosisText.Write(diagnosis));
        }
    }

    [Fact]
    public async Task Hanging_command_is_given_up_and_the_rest_is_diagnosed()
    {
        await using var world = new AwsWorld().Unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]");
        world.Hanging = "DescribeTags";
        var diagnosis = await AskAsync(world, options => options with { AwsLimit = TimeSpan.FromSeconds(2) });
        AssertDiagnosed(diagnosis, "target-group-path", PathStep.Endpoint, "404");
        Assert.Contains("did not answer within 2 s", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Balancer_that_answers_errors_to_many_is_a_fault_and_to_few_a_warning()
    {
        await using var world = new AwsWorld();
        world.Metric(1, 1000, 1000);
        world.Metric(6, 12, 0);
        var few = await AskAsync(world);
        Assert.Equal(("balancer-errors", 0), (few.Cause?.Cause, few.ExitCode));
        world.Metric(6, 300, 200);
        AssertDiagnosed(await AskAsync(world), "balancer-errors", PathStep.Balancer, "500 times");
    }

    [Fact]
    public async Task Zone_that_is_not_served_is_named()
    {
        await using var world = new AwsWorld();
        world.Targets[1]!["Target"]!["AvailabilityZone"] = "eu-west-1c";
        world.Targets[1]!["TargetHealth"] = new JsonObject { ["State"] = "unused", ["Reason"] = "Target.NotInUse", ["Description"] = "Target is in an Availability Zone that is not enabled for the load balancer" };
        AssertDiagnosed(await AskAsync(world), "target-zone", PathStep.Balancer, "eu-west-1c", "eu-west-1a, eu-west-1b");
    }

    [Fact]
    public async Task Target_group_without_a_listener_is_named()
    {
        await using var world = new AwsWorld();
        world.Group["LoadBalancerArns"] = new JsonArray();
        foreach (var target in world.Targets)
        {
            target!["TargetHealth"] = new JsonObject { ["State"] = "unused", ["Reason"] = "Target.NotInUse", ["Description"] = "Target group is not configured to receive traffic from the load balancer" };
        }

        AssertDiagnosed(await AskAsync(world), "target-group-unused", PathStep.Balancer, "no listener");
    }

    [Theory]
    [InlineData("404", "target-group-path", PathStep.Endpoint)]
    [InlineData("302", "redirect", PathStep.Endpoint)]
    [InlineData("401", "authentication", PathStep.Endpoint)]
    [InlineData("400", "host-filter", PathStep.Endpoint)]
    [InlineData("500", "target-codes", PathStep.Answer)]
    public async Task Status_that_does_not_match_is_explained(string status, string cause, PathStep step)
    {
        await using var world = new AwsWorld().Unhealthy("Target.ResponseCodeMismatch", $"Health checks failed with these codes: [{status}]");
        AssertDiagnosed(await AskAsync(world), cause, step, status);
    }

    [Theory]
    [InlineData("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")]
    [InlineData("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")]
    [InlineData("initial", "Elb.RegistrationInProgress", "Target registration is in progress")]
    public async Task Draining_and_new_targets_are_no_faults(string state, string code, string description)
    {
        await using var world = new AwsWorld();
        world.Targets[0]!["TargetHealth"] = new JsonObject { ["State"] = state, ["Reason"] = code, ["Description"] = description };
        var diagnosis = await AskAsync(world);
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.NotEmpty(diagnosis.Notes);
    }

    [Fact]
    public async Task Empty_target_group_is_named()
    {
        await using var world = new AwsWorld();
        world.Targets.Clear();
        AssertDiagnosed(await AskAsync(world), "no-targets", PathStep.Balancer, "no registered target");
    }

    [Fact]
    public async Task Users_errors_behind_healthy_targets_are_named_with_what_would_have_seen_them()
    {
        await using var world = new AwsWorld();
        world.Metric(0, 12, 15, 11, 0);
        world.Metric(1, 100, 100, 100, 100);
        AssertDiagnosed(await AskAsync(world), "healthy-but-failing", PathStep.Check, "healthy", "38 answers of 5xx", "canary");
    }

    [Fact]
    public async Task Wrong_port_is_named_from_what_the_cluster_shows()
    {
        await using var world = new AwsWorld().Unhealthy("Target.FailedHealthChecks", "Health checks failed");
        world.Group["HealthCheckPort"] = "8081";
        await using var replay = Replay.Of("healthy");
        var diagnosis = await AskBothAsync(world, replay);
        AssertDiagnosed(diagnosis, "target-group-port", PathStep.Port, "8081", "8080");
    }

    [Theory]
    [InlineData("HTTP2", "HTTP/2")]
    [InlineData("GRPC", "gRPC")]
    public async Task Protocol_version_that_the_app_does_not_speak_is_named(string version, string word)
    {
        await using var world = new AwsWorld().Unhealthy("Target.FailedHealthChecks", "Health checks failed");
        world.Group["ProtocolVersion"] = version;
        await using var replay = Replay.Of("healthy");
        AssertDiagnosed(await AskBothAsync(world, replay), "protocol-version", PathStep.Endpoint, word);
    }

    [Fact]
    public async Task Target_group_made_for_another_contract_is_a_drift_by_fields()
    {
        await using var world = new AwsWorld();
        world.Answers["DescribeTags"]["TagDescriptions"]![0]!["Tags"]![0]!["Value"] = "0123456789abcdef";
        world.Group["HealthCheckIntervalSeconds"] = 30;
        await using var replay = Replay.Of("healthy");
        AssertDiagnosed(await AskBothAsync(world, replay), "contract-drift", PathStep.Port, "0123456789abcdef", "b798555daaae00d3", "interval (30s, 10s)");
    }

    [Fact]
    public async Task Fault_of_the_pods_explains_the_unhealthy_targets()
    {
        await using var world = new AwsWorld().Unhealthy("Target.FailedHealthChecks", "Health checks failed");
        await using var replay = Replay.Of("bound-to-loopback");
        AssertDiagnosed(await AskBothAsync(world, replay), "bound-to-loopback", PathStep.Listener, "CANDOR_BIND");
    }

    [Theory]
    [InlineData("AccessDenied", "User: arn:aws:iam::1:user/x is not authorized to perform: elasticloadbalancing:DescribeTargetHealth", "the right elasticloadbalancing:DescribeTargetHealth is missing")]
    [InlineData("ExpiredToken", "The security token included in the request is expired", "expired")]
    [InlineData("Throttling", "Rate exceeded", "throttled")]
    public async Task Refused_question_is_reported_and_the_rest_continues(string code, string message, string words)
    {
        await using var world = new AwsWorld();
        world.Errors["DescribeTargetHealth"] = (code, message, -1);
        var diagnosis = await AskAsync(world);
        Assert.True(diagnosis.Cause is null, DiagnosisText.Write(diagnosis));
        Assert.Contains(words, Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
        Assert.Equal(0, diagnosis.ExitCode);
    }

    [Fact]
    public async Task Missing_command_is_reported_with_exit_code_2()
    {
        var diagnosis = await StackDoctor.AskAsync(new() { Subject = "x", Namespace = "x", AsksCluster = false, TargetGroupArn = AwsWorld.Arn, AwsProgram = "/nowhere/aws" }, TimeProvider.System, CancellationToken.None);
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("not installed", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
    }

    internal static void AssertDiagnosed(Diagnosis diagnosis, string cause, PathStep step, params string[] words)
    {
        var text = DiagnosisText.Write(diagnosis);
        Assert.True(cause == diagnosis.Cause?.Cause, text);
        Assert.Equal(step, diagnosis.Cause!.Step);
        Assert.All(words, word => Assert.Contains(word, diagnosis.Cause.Title, StringComparison.Ordinal));
        Assert.True(diagnosis.Others.Count == 0, text);
        Assert.Equal(diagnosis.Cause.Severity == Severity.Fault ? 1 : 0, diagnosis.ExitCode);
    }

    private static async Task<Diagnosis> AskAsync(AwsWorld world, Func<StackOptions, StackOptions>? change = null)
    {
        var options = new StackOptions { Subject = "orders", Namespace = "orders", AsksCluster = false, TargetGroupArn = AwsWorld.Arn, AwsProgram = await world.StandInAsync() };
        return await StackDoctor.AskAsync(change is null ? options : change(options), TimeProvider.System, CancellationToken.None);
    }

    private static async Task<Diagnosis> AskBothAsync(AwsWorld world, Replay replay)
    {
        var aws = await world.StandInAsync();
        return await replay.AskAsync(options => options with { AsksAws = true, AwsProgram = aws });
    }
}
