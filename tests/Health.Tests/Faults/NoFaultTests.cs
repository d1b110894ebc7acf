using System.Net;
using System.Net.Http.Json;
using Candor.Health.Tests.Orders;

namespace Candor.Health.Tests.Faults;

/// <summary>Nothing is wrong, and health must say nothing.</summary>
[Collection(FaultTests.Name)]
public sealed class NoFaultTests(OrdersServers servers)
{
    [Fact]
    public async Task N301_full_load_gives_no_false_verdict()
    {
        await using var network = await OrdersNetwork.CreateAsync(servers);
        await using var orders = await network.StartAsync();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(8), TimeProvider.System);
        var users = Enumerable.Range(0, 16).Select(async _ =>
        {
            var failed = 0;
            while (!end.IsCancellationRequested)
            {
                failed += await orders.FailedOfAsync(1, (client, token) =>
                    client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "tea", quantity = 1 }, token));
                failed += await orders.FailedOfAsync(3, "/orders?limit=20");
            }

            return failed;
        }).ToArray();

        var answers = new List<HealthAnswer>();
        while (!end.IsCancellationRequested)
        {
            answers.Add(await orders.AskAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.Equal(0, (await Task.WhenAll(users)).Sum());
        Assert.DoesNotContain(answers, answer => !answer.Ready);
        Assert.True(await orders.AliveAsync());
    }

    [Fact]
    public async Task N305_a_client_that_sends_only_bad_requests_has_no_effect_on_health()
    {
        await using var network = await OrdersNetwork.CreateAsync(servers);
        await using var orders = await network.StartAsync();
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 3 * orders.Contract.Watchdog.ErrorMinimumVolume; i++)
        {
            using var bad = await orders.Client.PostAsJsonAsync(new Uri("/orders", UriKind.Relative), new { item = "", quantity = -1 });
            using var unknown = await orders.Client.GetAsync(new Uri("/orders/nothing", UriKind.Relative));
            codes.AddRange([bad.StatusCode, unknown.StatusCode]);
            Assert.True((await orders.AskAsync()).Ready);
        }

        await Task.Delay(orders.Contract.Freshness, TimeProvider.System);
        Assert.Equal("ready", (await orders.AskAsync()).Status);
        Assert.All(codes, code => Assert.InRange((int)code, 400, 404));
    }
}
