using System.Text.Json.Nodes;
using Candor.Doctor.Model;
using Candor.Doctor.Output;

namespace Candor.Doctor.Tests.Cloud;

/// <summary>The real <c>aws</c> command against an endpoint that speaks AWS's query protocol.</summary>
[Collection(nameof(RealCommandTests))]
public sealed class RealCommandTests
{
    [AwsFact]
    public async Task Closed_security_group_is_named_over_two_pages_and_throttling()
    {
        await using var world = new AwsWorld { Paged = "NetworkInterfaces" }.Unhealthy("Target.Timeout", "Request timed out");
        world.Answers["DescribeSecurityGroups"]["SecurityGroups"]![1]!["IpPermissions"] = new JsonArray();
        world.Errors["DescribeTargetHealth"] = ("Throttling", "Rate exceeded", 1);
        var diagnosis = await AskAsync(world);
        CloudDoctorTests.AssertDiagnosed(diagnosis, "security-group", PathStep.SecurityGroup, "sg-pods", "TCP 8080");
        Assert.Empty(diagnosis.Gaps);
        Assert.Equal(2, world.Asked["DescribeNetworkInterfaces"]);
        Assert.Equal(2, world.Asked["DescribeTargetHealth"]);
        // Reads, and nothing else.
        Assert.All(world.Asked.Keys, action => Assert.True(action.StartsWith("Describe", StringComparison.Ordinal) || action.StartsWith("Get", StringComparison.Ordinal), action));
    }

    [AwsFact]
    public async Task Users_errors_are_read_from_metrics()
    {
        await using var world = new AwsWorld();
        world.Metric(0, 12, 15, 11, 0);
        world.Metric(1, 100, 100, 100, 100);
        CloudDoctorTests.AssertDiagnosed(await AskAsync(world), "healthy-but-failing", PathStep.Check, "38 answers of 5xx");
    }

    [AwsFact]
    public async Task Expired_credentials_are_reported_once()
    {
        await using var world = new AwsWorld();
        world.Errors["DescribeTargetGroups"] = ("ExpiredToken", "The security token included in the request is expired", -1);
        var diagnosis = await AskAsync(world);
        Assert.Equal(2, diagnosis.ExitCode);
        Assert.Contains("expired", Assert.Single(diagnosis.Gaps).Needed, StringComparison.Ordinal);
        Assert.DoesNotContain("wJalr", DiagnosisJson.Write(diagnosis), StringComparison.Ordinal);
    }

    [AwsFact]
    public async Task Missing_right_is_named_with_its_action()
    {
        await using var world = new AwsWorld().Unhealthy("Target.Timeout", "Request timed out");
        world.Errors["DescribeSecurityGroups"] = ("UnauthorizedOperation", "You are not authorized to perform this operation.", -1);
        var diagnosis = await AskAsync(world);
        Assert.Equal("filtered", diagnosis.Cause?.Cause);
        var gap = Assert.Single(diagnosis.Gaps);
        Assert.Contains("ec2:DescribeSecurityGroups", gap.Needed, StringComparison.Ordinal);
        Assert.Contains("security group", gap.NotLookedFor);
    }

    private static async Task<Diagnosis> AskAsync(AwsWorld world)
    {
        var settings = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE", ["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI", ["AWS_CONFIG_FILE"] = "/nowhere", ["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere" };
        foreach (var (name, value) in settings)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        return await StackDoctor.AskAsync(
            new() { Subject = "orders", Namespace = "orders", AsksCluster = false, TargetGroupArn = AwsWorld.Arn, AwsProgram = AwsFactAttribute.Program, Region = "eu-west-1", AwsLimit = TimeSpan.FromMinutes(2), EndpointUrl = world.Endpoint() },
            TimeProvider.System, CancellationToken.None);
    }
}

[CollectionDefinition(nameof(RealCommandTests), DisableParallelization = true)]
public sealed class RealCommandGroup;
