using System.Net;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Testing.Network;
using Candor.Testing.Privileges;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>
/// A disk that is full: said once and clearly, survived when it happens while the stack runs, refused when it is so before.
/// </summary>
public sealed class FullDiskTests
{
    private const double Speed = 5;

    [RootFact]
    public async Task Disk_that_fills_up_under_a_running_stack_costs_output_and_nothing_else()
    {
        await using var disk = await SmallDisk.MountAsync(200);
        await using var stack = await RunningStack.StartAsync(
            await RunningStack.SmallPlanAsync(), Speed, change: options =>
                options with { StateDirectory = Path.Combine(disk.Path, ".candor") });
        var remains = Remains.Of(stack.Options.StateDirectory, stack.Options.Listen);
        disk.Fill();

        // A restarted replica has a folder to be written to. A new one has a log to begin: what is appended to an old one may still fit
        // into its last page.
        var victim = (await stack.StatusAsync()).Pods.First(p => p.Workload == "orders");
        Assert.True(Signals.Send(victim.ProcessId!.Value, Signal.Kill));
        await stack.Client.ScaleAsync(3, "orders");
        var status = await stack.UntilAsync(s => s.Problems.Count > 0, "the full disk is a problem");
        Assert.Contains("is full", Assert.Single(status.Problems), StringComparison.Ordinal);

        // The balancer, too, is started again, and answers.
        Assert.True(Signals.Send(
            new StateFolder(stack.Options.StateDirectory).Processes.Read().Single(e => e.Name == "balancer").Pid, Signal.Kill));
        await stack.UntilAsync(
            _ => stack.Events.Count(e => e.Subject == "balancer" && e.Message.StartsWith("listens", StringComparison.Ordinal)) == 2,
            "the balancer is started again");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        Assert.Single(stack.Events, e => e.Subject == "logs");

        disk.Empty();
        await stack.UntilAsync(s => s.Healthy && s.Problems.Count == 0, "everything is healthy again");

        disk.Fill();
        Assert.True(await stack.Client.DownAsync());
        await stack.EndedAsync();
        remains.ExpectNone();
    }

    [RootFact]
    public async Task Up_in_the_background_survives_that_what_it_says_fits_nowhere()
    {
        await using var disk = await SmallDisk.MountAsync(400);
        var state = Path.Combine(disk.Path, ".candor");
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var (up, output) = await CandorProcess.RunAsync("up", "--detach", "--speed", "4", "--listen", listen.ToString(), "--state", state);
        Assert.True(up == 0, output);
        var remains = Remains.Of(state, listen);
        disk.Fill();
        var client = LocalTarget.Client(state);
        var supervisor = (await client.StatusAsync()).Supervisor;

        await client.RestartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);

        Assert.Equal(supervisor, (await client.StatusAsync()).Supervisor);
        var (down, told) = await CandorProcess.RunAsync("down", "--state", state);
        Assert.True(down == 0, told);
        remains.ExpectNone();
    }

    [RootFact]
    public Task Up_on_a_full_disk_reports_it_and_starts_nothing() => RefuseAsync();

    [RootFact]
    public Task Up_in_the_background_on_a_full_disk_reports_it_and_starts_nothing() => RefuseAsync("--detach");

    private static async Task RefuseAsync(params string[] options)
    {
        await using var disk = await SmallDisk.MountAsync(8);
        disk.Fill();
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var state = Path.Combine(disk.Path, ".candor");

        var (exitCode, output) = await CandorProcess.RunAsync(["up", "--listen", listen.ToString(), "--state", state, .. options]);

        Assert.True(exitCode == 2, $"{exitCode}: {output}");
        Assert.Contains($"{state} is full", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("started as process", output, StringComparison.Ordinal);
        Assert.False(LocalTarget.Client(state).IsRunning);
        PortOwner.RequireFree(listen, "The balancer", "It should never have been there.");
    }
}
