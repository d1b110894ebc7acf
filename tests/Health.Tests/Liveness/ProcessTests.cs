using System.Diagnostics;
using System.Net;
using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Liveness;

/// <summary>F210, F215 and SIGTERM, with a process of its own.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task F210_starved_pool_fails_no_liveness_probe_and_shows_in_readiness()
    {
        // Two rounds of blocked threads, in which a pool that cannot grow runs nothing else for seconds.
        await using var app = await SampleProcess.StartAsync(new(), poolThreads: 10);
        using var users = new HttpClient { Timeout = TimeSpan.FromSeconds(120) };
        var blocked = Enumerable.Range(0, 20).Select(_ => users.GetAsync(app.Url("/block?seconds=6"))).ToList();

        var (probes, notReady) = (0, false);
        while (!Task.WhenAll(blocked).IsCompleted)
        {
            // As the kubelet does: a new connection each time, and the contract's timeout.
            Assert.Equal(HttpStatusCode.OK, await ProbeAsync(app.Url("/healthz"), app.Contract.Liveness.Timeout));
            notReady |= await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(1)) != HttpStatusCode.OK;
            probes++;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        Assert.True(probes > 5);
        Assert.True(notReady);
        Assert.Contains("thread-pool pipeline stuck", app.Process.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(3)) == HttpStatusCode.OK, "the app is ready again");
    }

    [Fact]
    public async Task F210_pool_that_runs_nothing_for_the_watchdogs_limit_fails_liveness()
    {
        // Everything ten times as fast: the limit is 3 s instead of 30. A pool that may grow runs something twice a second, so this
        // one may not.
        await using var app = await SampleProcess.StartAsync(new(), speed: 10, poolThreads: 8);
        using var users = new HttpClient { Timeout = TimeSpan.FromSeconds(120) };
        for (var request = 0; request < 50; request++)
        {
            _ = users.GetAsync(app.Url("/block?seconds=100"));
        }

        await Eventually.TrueAsync(async () => await ProbeAsync(app.Url("/healthz"), TimeSpan.FromSeconds(3)) == HttpStatusCode.ServiceUnavailable, "liveness gives up");
    }

    [Fact]
    public async Task F215_process_that_was_stopped_gives_no_false_verdict_when_it_resumes()
    {
        await using var app = await SampleProcess.StartAsync(new(), speed: 10);
        var before = app.Process.Output;
        Assert.Equal(HttpStatusCode.OK, await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(5)));

        await Signals.StopAsync(app.Process.Id);
        Assert.Null(await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(1)));
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        Signals.Send(app.Process.Id, Signals.Continue);

        for (var probe = 0; probe < 20; probe++)
        {
            Assert.Equal(HttpStatusCode.OK, await ProbeAsync(app.Url("/healthz"), TimeSpan.FromSeconds(10)));
            Assert.Equal(HttpStatusCode.OK, await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(10)));
        }

        Assert.DoesNotContain("not ready", app.Process.Output[before.Length..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_gives_probers_their_failures_before_the_first_refused_connection_and_exits_0()
    {
        await using var app = await SampleProcess.StartAsync(new(), speed: 10);
        var contract = app.Contract.Scale(10);
        using var users = new HttpClient();
        var inFlight = users.GetStringAsync(app.Url("/slow?seconds=1"));
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        Signals.Send(app.Process.Id, Signals.Terminate);
        var (failures, served) = (0, 0);
        while (await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(5)) is { } status)
        {
            failures += status == HttpStatusCode.ServiceUnavailable ? 1 : 0;
            served += await ProbeAsync(app.Url("/"), TimeSpan.FromSeconds(5)) == HttpStatusCode.OK ? 1 : 0;
            await Task.Delay(contract.Balancer.Interval, TimeProvider.System);
        }

        Assert.True(failures >= contract.Balancer.UnhealthyThreshold, $"{failures} failures were seen.");
        Assert.True(served >= contract.Balancer.UnhealthyThreshold, $"{served} requests were served while draining.");
        Assert.Equal("slow", await inFlight);
        Assert.Equal(0, await app.Process.WaitForExitAsync());
        Assert.Contains("draining (SIGTERM)", app.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_in_flight_when_the_hold_ends_is_finished()
    {
        await using var app = await SampleProcess.StartAsync(new(), speed: 20);
        using var users = new HttpClient();
        var hold = app.Contract.Drain.Hold / 20;
        var longest = users.GetStringAsync(app.Url(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/slow?seconds={(hold + (app.Contract.Drain.RequestTimeout / 60)).TotalSeconds}")));
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        var clock = Stopwatch.StartNew();
        Signals.Send(app.Process.Id, Signals.Terminate);

        Assert.Equal("slow", await longest);
        Assert.Equal(0, await app.Process.WaitForExitAsync());
        Assert.True(clock.Elapsed >= hold);
    }

    [Fact]
    public async Task F226_process_with_next_to_no_processor_reports_it_in_time_and_fails_nothing_else()
    {
        await using var app = await SampleProcess.StartAsync(new());
        using var end = new CancellationTokenSource();

        // A hundredth of a processor, in slices of a tenth of a second as a cgroup deals them out.
        var starving = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Signals.Send(app.Process.Id, Signals.Stop);
                await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System);
                Signals.Send(app.Process.Id, Signals.Continue);
                await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System);
            }
        });
        try
        {
            await Eventually.TrueAsync(async () => (await BodyAsync(app.Url("/health"))).Contains("\"reason\":\"processor\"", StringComparison.Ordinal), "health names the processor");
        }
        finally
        {
            await end.CancelAsync();
            await starving;
        }

        Assert.DoesNotContain("dependency", app.Process.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await ProbeAsync(app.Url("/health"), TimeSpan.FromSeconds(5)) == HttpStatusCode.OK, "the app is ready again");
    }

    private static async Task<string> BodyAsync(string url)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await client.GetAsync(url);
            return await response.Content.ReadAsStringAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return "";
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Interrupt_without_any_prober_does_not_wait_for_the_hold(string environment)
    {
        var contract = new HealthContract { Port = FreePort.Next(), ManagementPort = FreePort.Next() };
        await using var process = TestProcess.Start("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "Candor.SampleApp.dll")], new Dictionary<string, string>
        {
            ["CANDOR_CONTRACT"] = ContractJson.Serialize(contract),
            ["CANDOR_BIND"] = "127.0.0.1",
            ["ASPNETCORE_ENVIRONMENT"] = environment,
        });
        await Eventually.TrueAsync(async () => await ProbeAsync($"http://127.0.0.1:{contract.Port}/startupz", TimeSpan.FromSeconds(5)) == HttpStatusCode.OK, "the app has started");

        var clock = Stopwatch.StartNew();
        Signals.Send(process.Id, Signals.Interrupt);

        Assert.Equal(0, await process.WaitForExitAsync());
        Assert.True(clock.Elapsed < contract.Drain.Hold / 2, $"It took {clock.Elapsed}.");
    }

    private static async Task<HttpStatusCode?> ProbeAsync(string url, TimeSpan timeout)
    {
        using var client = new HttpClient { Timeout = timeout };
        try
        {
            using var response = await client.GetAsync(url);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
