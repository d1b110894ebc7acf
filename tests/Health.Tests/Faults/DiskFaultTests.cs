using Candor.Health.Tests.Orders;
using Candor.Testing.Processes;
using Candor.Testing.Servers;

namespace Candor.Health.Tests.Faults;

/// <summary>A disk that fills up, on a small file system of its own.</summary>
[Collection(FaultTests.Name)]
public sealed class DiskFaultTests(OrdersServers servers)
{
    [MountFact]
    public async Task F208_disk_below_its_minimum_is_named_and_recovers_when_there_is_room()
    {
        using var directory = TemporaryDirectory.Create();
        await TestProcess.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.Path);
        try
        {
            await using var network = await OrdersNetwork.CreateAsync(servers);
            await using var orders = await network.StartAsync(more: new Dictionary<string, string> { ["CANDOR_DISK"] = directory.Path });
            var file = Path.Combine(directory.Path, "full");
            await File.WriteAllBytesAsync(file, new byte[1000 * 1024]);

            var verdict = await orders.SaysAsync(answer => !answer.Ready, orders.OneEvaluation());
            File.Delete(file);
            await orders.SaysAsync(answer => answer.Ready, orders.OneEvaluation());

            Assert.Equal("disk", verdict.ReasonOf("disk"));
            Assert.Equal("disk", verdict.Reason);
        }
        finally
        {
            await TestProcess.RunAsync("umount", directory.Path);
        }
    }
}

/// <summary>A test that mounts a file system, where that is allowed (as root, with CAP_SYS_ADMIN).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    // Bit of CAP_SYS_ADMIN; man 7 capabilities.
    private const int SysAdmin = 21;

    /// <summary>Skips the test where mounting is not allowed.</summary>
    public MountFactAttribute()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
        if (line is null || (Convert.ToUInt64(line[7..].Trim(), 16) & (1UL << SysAdmin)) == 0)
        {
            Skip = "mounting a small file system needs root";
        }
    }
}
