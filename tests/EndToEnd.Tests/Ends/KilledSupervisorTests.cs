using System.Net;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Testing.Network;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>The command as a user runs it, in a process of its own that can be killed.</summary>
public sealed class KilledSupervisorTests : IDisposable
{
    private readonly RunFolder _folder = new();

    private string State => _folder.State;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Supervisor_that_is_killed_leaves_nothing_once_down_was_called()
    {
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var (up, output) = await CandorProcess.RunAsync("up", "--detach", "--speed", "4", "--listen", listen.ToString(), "--state", State);
        Assert.True(up == 0, output);
        var status = await LocalTarget.Client(State).StatusAsync();

        // A second one says that one is running and applies what differs, which is nothing.
        var (again, said) = await CandorProcess.RunAsync("up", "--state", State);
        Assert.True(again == 0, said);
        Assert.Contains(status.Supervisor.ToString(System.Globalization.CultureInfo.InvariantCulture), said, StringComparison.Ordinal);

        // What is chosen at the start cannot be had by saying it again.
        foreach (var (option, value, named) in new[]
        {
            ("--speed", "5", "at speed 4, not 5"),
            ("--listen", "127.0.0.1:1", $"on http://{listen}, not on 127.0.0.1:1"),
            ("--with", "monitoring", "without --with monitoring"),
        })
        {
            var (wrong, why) = await CandorProcess.RunAsync("up", option, value, "--state", State);
            Assert.Equal(2, wrong);
            Assert.Contains(named, why, StringComparison.Ordinal);
        }

        Assert.True(Signals.Send(status.Supervisor, Signal.Kill));
        var (down, told) = await CandorProcess.RunAsync("down", "--state", State);

        Assert.True(down == 0, told);
        Assert.All(status.Pods, pod => Assert.Null(ProcFs.StartTime(pod.ProcessId!.Value)));
        Assert.False(LocalTarget.Client(State).IsRunning);
        PortOwner.RequireFree(listen, "The balancer", "It should be gone.");
    }
}
