using System.Net;
using System.Net.Sockets;
using Candor.Health.Tests.Hosting;

namespace Candor.Health.Tests.Liveness;

/// <summary>
/// No connection leaves a descriptor behind, however it ends: a process that leaks one a probe stops accepting after some hours.
/// </summary>
public sealed class DescriptorTests
{
    private const int Connections = 150;

    [Fact]
    public async Task Probers_canaries_and_clients_that_vanish_leave_no_descriptor_behind()
    {
        await using var sample = await SampleProcess.StartAsync(new()
        {
            Canary = new() { Route = "/", Interval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromMilliseconds(40) },
        });
        await RoundAsync(sample);
        var before = Open(sample);

        await RoundAsync(sample);
        await RoundAsync(sample);

        // Ten are the canaries and probes of a moment; two rounds that leak one a connection of one kind leave three hundred.
        await Eventually.TrueAsync(() => Open(sample) <= before + 10, $"no more than {before + 10} descriptors are open; before it were {before}");
    }

    private static int Open(SampleProcess sample) => Directory.GetFiles($"/proc/{sample.Process.Id}/fd").Length;

    // Each way once and again: a whole probe, a user's request, silence, half a request; the last two end with a reset.
    private static async Task RoundAsync(SampleProcess sample)
    {
        foreach (var request in new[] { Whole("/health"), Whole("/"), "", "GET /heal" })
        {
            for (var connection = 0; connection < Connections; connection++)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, sample.Contract.Port);
                await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(request));
                if (request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    var answer = new byte[2000];
                    Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer)), StringComparison.Ordinal);
                }
                else
                {
                    socket.LingerState = new(enable: true, seconds: 0);
                }
            }
        }
    }

    private static string Whole(string path) => $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n";
}
