using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Doctor.Tests.Cloud;
using Candor.EndToEnd.Tests.Stack;
using Candor.Testing.Processes;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>The doctor as people run it, on a namespace of ten thousand pods behind a target group of ten thousand targets.</summary>
public sealed class LargeClusterTests
{
    private const int Count = 10_000;

    // What docs/doctor.md promises. Its own time on the processor, as what else a machine does is not its own.
    private const long MostMemory = 300L * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Ten_thousand_pods_and_targets_are_sampled_counted_and_answered_in_time()
    {
        await using var world = new AwsWorld();
        await using var replay = Replay.Of("oom-killed");
        var kubectl = await ManyPodsAsync(replay);
        ManyTargets(world);
        var aws = await world.StandInAsync();
        var folders = string.Join(Path.PathSeparator, Path.GetDirectoryName(kubectl), Path.GetDirectoryName(aws), Environment.GetEnvironmentVariable("PATH"));
        await using var doctor = TestProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "candor.dll"), "doctor", "--target-group", AwsWorld.Arn, "--context", "recorded", "--json", "-"],
            new Dictionary<string, string> { ["PATH"] = folders, ["CANDOR_HOME"] = Repository.Root });
        var (memory, took) = await MeasureAsync(doctor);
        var code = await doctor.WaitForExitAsync();

        Assert.True(code == 1, doctor.Output);
        var diagnosis = JsonNode.Parse(doctor.Output)!;
        Assert.Equal("oom-killed", diagnosis["cause"]!["cause"]!.GetValue<string>());
        Assert.StartsWith($"All {Count} pods of orders", diagnosis["cause"]!["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains($"{Count} targets", diagnosis["looked"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.InRange(memory, 1, MostMemory);
        Assert.InRange(took, TimeSpan.Zero, Longest);
        // A question for each kind of object and for a sample, not for each pod or target.
        Assert.InRange((await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(kubectl)!, "calls"))).Length, 1, 80);
        Assert.InRange((await world.CallsAsync()).Length, 1, 20);
        Assert.InRange(doctor.Output.Length, 1, 64 * 1024);
    }

    private static async Task<string> ManyPodsAsync(Replay replay)
    {
        var template = replay.Pods("orders").First().DeepClone().AsObject();
        // As large as pods are that an API server sends: half of each is what managers of fields wrote there.
        template["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubelet", ["fieldsV1"] = new JsonObject { ["f:status"] = new string('x', 3000) } });
        var program = await replay.WriteAsync();
        var folder = Path.GetDirectoryName(program)!;
        await using var pods = new StreamWriter(Path.Combine(folder, "many.json"));
        await pods.WriteAsync("{\"apiVersion\":\"v1\",\"items\":[");
        for (var index = 0; index < Count; index++)
        {
            template["metadata"]!["name"] = $"orders-6659bdcc65-{index:x5}";
            template["status"]!["podIP"] = Address(index);
            await pods.WriteAsync((index == 0 ? string.Empty : ",") + template.ToJsonString());
        }

        await pods.WriteAsync("],\"kind\":\"List\"}");
        replay.Instead["get pods"] = $"cat '{folder}/many.json'";
        return await replay.WriteAsync();
    }

    private static void ManyTargets(AwsWorld world)
    {
        world.Targets.Clear();
        for (var index = 0; index < Count; index++)
        {
            world.Targets.Add((JsonNode)new JsonObject
            {
                ["Target"] = new JsonObject { ["Id"] = Address(index), ["Port"] = 8080, ["AvailabilityZone"] = "eu-west-1a" },
                ["HealthCheckPort"] = "8080",
                ["TargetHealth"] = new JsonObject { ["State"] = "unhealthy", ["Reason"] = "Target.FailedHealthChecks", ["Description"] = "Health checks failed" },
            });
        }
    }

    private static string Address(int index) => string.Create(CultureInfo.InvariantCulture, $"10.244.{index / 250}.{(index % 250) + 1}");

    /// <summary>The most memory that the process had resident at once, and its time on the processor; the kernel keeps count of both.</summary>
    private static async Task<(long Memory, TimeSpan Took)> MeasureAsync(TestProcess process)
    {
        var (memory, took) = (0L, TimeSpan.Zero);
        while (!process.HasExited)
        {
            try
            {
                var status = await File.ReadAllLinesAsync($"/proc/{process.Id}/status");
                if (status.FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
                {
                    memory = Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
                }

                // After the name: state is the 3rd field, user and system time the 14th and 15th, in hundredths.
                var fields = (await File.ReadAllTextAsync($"/proc/{process.Id}/stat")).Split(") ")[^1].Split(' ');
                took = TimeSpan.FromMilliseconds((Number(fields[11]) + Number(fields[12])) * 10);
            }
            catch (IOException)
            {
                // It ended at this moment.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return (memory, took);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
