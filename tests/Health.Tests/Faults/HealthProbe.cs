using System.Net;
using System.Net.Sockets;
using Candor.Health.Tests.Orders;

namespace Candor.Health.Tests.Faults;

/// <summary>The two clocks of a fault: the verdict (what health says, and when) and the truth (whether users' requests fail).</summary>
public static class HealthProbe
{
    /// <summary>
    /// What a noisy machine may add to a bound of the contract. The bounds are about seconds; without this a test would measure the
    /// machine.
    /// </summary>
    public static TimeSpan Room { get; } = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Within one evaluation: a reused answer, the deadline of the next, and its margin.</summary>
    public static TimeSpan OneEvaluation(this OrdersProcess orders) =>
        orders.Contract.Freshness + orders.Contract.Budget.Deadline + orders.Contract.Budget.Margin + Room;

    /// <summary>Asks once for readiness.</summary>
    public static async Task<HealthAnswer> AskAsync(this OrdersProcess orders, string query = "")
    {
        var asked = TimeProvider.System.GetTimestamp();
        using var answer = await orders.Client.GetAsync(new Uri(orders.Contract.Paths.Readiness + query, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        return new(answer.StatusCode, body, TimeProvider.System.GetElapsedTime(asked));
    }

    /// <summary>What the management port says, with every detail.</summary>
    public static async Task<string> DetailAsync(this OrdersProcess orders)
    {
        using var management = new HttpClient();
        using var answer = await management.GetAsync(new Uri($"http://127.0.0.1:{orders.Contract.ManagementPort}/health"));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Asks until health says what is expected.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">It does not within the bound; the message has the last answer.</exception>
    public static async Task<HealthAnswer> SaysAsync(this OrdersProcess orders, Func<HealthAnswer, bool> expected, TimeSpan within)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await orders.AskAsync();
            if (expected(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > within)
            {
                Assert.Fail($"Health does not say so within {within.TotalSeconds} s. Last: {answer}\n{orders.Process.Output}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Waits until the app is ready after its start, or again.</summary>
    public static async Task ReadyAsync(this OrdersProcess orders)
    {
        await orders.UntilAsync(orders.Contract.Paths.Startup, HttpStatusCode.OK);
        await orders.SaysAsync(answer => answer.Status == "ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>Sends users' requests one after another.</summary>
    /// <returns>How many failed: 5xx, or no answer within the contract's longest request.</returns>
    public static async Task<int> FailedOfAsync(this OrdersProcess orders, int requests, Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> send)
    {
        var failed = 0;
        for (var i = 0; i < requests; i++)
        {
            using var limit = new CancellationTokenSource(orders.Contract.Drain.RequestTimeout);
            try
            {
                using var answer = await send(orders.Client, limit.Token);
                failed += (int)answer.StatusCode >= 500 ? 1 : 0;
            }
            catch (Exception lost) when (lost is OperationCanceledException or HttpRequestException)
            {
                failed++;
            }
        }

        return failed;
    }

    /// <summary>Sends users' GET requests one after another.</summary>
    public static Task<int> FailedOfAsync(this OrdersProcess orders, int requests, string path) =>
        orders.FailedOfAsync(requests, (client, token) => client.GetAsync(new Uri(path, UriKind.Relative), token));

    /// <summary>Whether liveness says that the process may go on.</summary>
    public static async Task<bool> AliveAsync(this OrdersProcess orders)
    {
        // A connection of its own, as the kubelet makes one each time.
        using var client = new HttpClient { BaseAddress = orders.Client.BaseAddress, Timeout = orders.Contract.Liveness.Timeout };
        try
        {
            using var answer = await client.GetAsync(new Uri(orders.Contract.Paths.Liveness, UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception lost) when (lost is OperationCanceledException or HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
