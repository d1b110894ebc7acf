using System.Net.Sockets;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Testing.Servers;

/// <summary>Starts servers on free ports.</summary>
internal static class Startup
{
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Starts a server on a free port and waits until it serves; tries again when somebody else took the port.</summary>
    public static async Task<(TestProcess Process, int Port)> OnFreePortAsync(Func<int, TestProcess> start, Func<int, Task<bool>> serves)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            var process = start(port);
            try
            {
                await UntilAsync(process, () => serves(port));
                return (process, port);
            }
            catch (Exception) when (attempt < Tries)
            {
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>Waits until the server serves.</summary>
    /// <exception cref="InvalidOperationException">It ended or did not serve in time; the message has its output.</exception>
    public static async Task UntilAsync(TestProcess process, Func<Task<bool>> serves)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await serves())
        {
            if (process.HasExited || TimeProvider.System.GetElapsedTime(started) > Limit)
            {
                throw new InvalidOperationException($"The server did not start:\n{process.Output}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Whether somebody accepts connections there.</summary>
    public static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
