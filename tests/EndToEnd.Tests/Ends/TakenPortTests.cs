using System.Net;
using System.Net.Sockets;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>
/// Somebody takes a port of the stack while it runs: it is said who, the rest goes on, and all is well when the port is free again.
/// </summary>
public sealed class TakenPortTests
{
    private const double Speed = 5;

    [Fact]
    public async Task Balancer_whose_port_was_taken_names_who_took_it_and_comes_back_when_it_is_free()
    {
        await using var stack = await RunningStack.StartAsync(await RunningStack.SmallPlanAsync(), Speed);
        var before = (await stack.StatusAsync()).Pods.Select(p => p.ProcessId).ToHashSet();
        var holder = ListenBesideTheBalancer(stack.Options.Listen);
        Assert.True(Signals.Send(BalancerOf(stack), Signal.Kill));

        var status = await stack.UntilAsync(s => s.Problems.Count > 0, "the taken port is a problem");
        Assert.Contains(
            $"{stack.Options.Listen}, which is in use by process {Environment.ProcessId}",
            Assert.Single(status.Problems),
            StringComparison.Ordinal);
        Assert.False(status.Healthy);
        Assert.Empty(status.Targets);

        // It is tried again all the time, and said once.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        Assert.Single(stack.Events, e => e.Message == status.Problems[0]);
        Assert.Equal(before, (await stack.StatusAsync()).Pods.Select(p => p.ProcessId).ToHashSet());

        holder.Dispose();
        status = await stack.UntilHealthyAsync();
        Assert.Empty(status.Problems);
        using var answer = await stack.Http.GetAsync("/orders?limit=1");
        await stack.ExpectAsync(HttpStatusCode.OK, answer);
    }

    [Fact]
    public async Task Pod_whose_port_was_taken_names_who_took_it_while_the_other_serves_and_comes_back_when_it_is_free()
    {
        await using var stack = await RunningStack.StartAsync(await RunningStack.SmallPlanAsync(), Speed);
        var victim = (await stack.StatusAsync()).Pods.First(p => p.Workload == "orders");
        // The first restart is at once; the second waits for its back-off, which gives time to take the port.
        Assert.True(Signals.Send(victim.ProcessId!.Value, Signal.Kill));
        var again = await stack.UntilAsync(s => Of(s).Restarts == 1 && Of(s).ProcessId is not null, "the replica is started again");
        Assert.True(Signals.Send(Of(again).ProcessId!.Value, Signal.Kill));
        await stack.UntilAsync(s => Of(s).Phase == "BackOff", "the replica waits for its back-off");
        using var holder = new TcpListener(IPAddress.Parse(victim.Address), victim.Ports["http"]);
        holder.Start();

        var status = await stack.UntilAsync(
            s => Of(s).Reason.Contains("in use by", StringComparison.Ordinal), "the replica says that its port is taken");
        Assert.Contains(
            $"{victim.Address}:{victim.Ports["http"]}, which is in use by process {Environment.ProcessId}",
            Of(status).Reason,
            StringComparison.Ordinal);
        using (var answer = await stack.Http.GetAsync("/orders?limit=1"))
        {
            await stack.ExpectAsync(HttpStatusCode.OK, answer);
        }

        holder.Stop();
        await stack.UntilHealthyAsync();

        LocalPod Of(LocalStatus status) => status.Pods.Single(p => p.Name == victim.Name);
    }

    /// <summary>
    /// As HAProxy does, it lets others of the same user listen beside it, so that it has the port the moment HAProxy is gone.
    /// </summary>
    private static Socket ListenBesideTheBalancer(IPEndPoint endpoint)
    {
        const int SocketLevel = 1;
        const int ReusePort = 15;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        socket.Bind(endpoint);
        socket.Listen();
        return socket;
    }

    private static int BalancerOf(RunningStack stack) =>
        new StateFolder(stack.Options.StateDirectory).Processes.Read().Single(entry => entry.Name == "balancer").Pid;
}
