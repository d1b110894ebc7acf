using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>Ctrl-C once drains; once more ends it at once, in the middle of whatever is being waited for.</summary>
public sealed class InterruptedTwiceTests : IDisposable
{
    private const int Interrupt = 2;

    /// <summary>A drain of 30 s is one of 10 s, with much room above the second or so that ending at once takes.</summary>
    private const double Speed = 3;

    private readonly RunFolder _folder = new();

    private string State => _folder.State;

    public void Dispose() => _folder.Dispose();

    /// <summary>With networks of the pods' own where root runs it: then there is most that could be left.</summary>
    [Fact]
    public Task Second_interrupt_ends_the_drain_at_once_and_leaves_nothing() =>
        InterruptAsync(Environment.IsPrivilegedProcess ? ["--isolated"] : []);

    private async Task InterruptAsync(params string[] options)
    {
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        await using var up = CandorProcess.Start([
            "up",
            "--speed",
            Speed.ToString(CultureInfo.InvariantCulture),
            "--listen",
            listen.ToString(),
            "--state",
            State,
            .. options,
        ]);
        var client = LocalTarget.Client(State);
        await UntilAsync(up, () => up.Output.Contains("everything is healthy", StringComparison.Ordinal), "the stack is healthy");
        var remains = Remains.Of(State, listen);
        using var user = new TcpClient();
        await user.ConnectAsync(listen);
        using var stop = new CancellationTokenSource();
        var request = SendWithoutEndAsync(user.GetStream(), stop.Token);
        await UntilAsync(
            up, async () => (await client.StatusAsync()).Targets.Sum(t => t.Requests) > 0, "the request has reached a replica");

        var first = TimeProvider.System.GetTimestamp();
        up.Signal(Interrupt);
        await UntilAsync(up, () => up.Output.Contains("takes no new connections", StringComparison.Ordinal), "the stack drains");
        Assert.False(up.HasExited);
        up.Signal(Interrupt);
        var exitCode = await up.WaitForExitAsync(RunningStack.Limit);
        var took = TimeProvider.System.GetElapsedTime(first);

        Assert.True(exitCode == 0, up.Output);
        // With one interrupt it would have waited for the request, for the whole of the deregistration delay at least.
        var delay = await DeregistrationDelayAsync();
        Assert.True(took < delay, $"it took {took} to end, and a drain {delay}:\n{up.Output}");
        Assert.Contains("everything has ended", up.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", up.Output, StringComparison.Ordinal);
        remains.ExpectNone();
        await stop.CancelAsync();
        await request;
    }

    /// <summary>An order so long that it is still on its way when everything has ended.</summary>
    private static async Task SendWithoutEndAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(
                "POST /orders HTTP/1.1\r\nHost: orders\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"u8.ToArray(),
                cancellationToken);
            while (true)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', 500)), cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Cut off, as it should be.
        }
    }

    private static async Task<TimeSpan> DeregistrationDelayAsync()
    {
        var plan = await RunningStack.DevelopmentPlanAsync();
        return plan.Resources.Single(r => r.Type == ResourceTypes.TargetGroup).Inputs["deregistrationDelay"].Seconds(0, Speed);
    }

    private static Task UntilAsync(TestProcess up, Func<bool> wanted, string what) => UntilAsync(up, () => Task.FromResult(wanted()), what);

    private static async Task UntilAsync(TestProcess up, Func<Task<bool>> wanted, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await wanted())
        {
            if (up.HasExited || TimeProvider.System.GetElapsedTime(began) > RunningStack.Limit)
            {
                Assert.Fail($"It did not come about that {what}:\n{up.Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
