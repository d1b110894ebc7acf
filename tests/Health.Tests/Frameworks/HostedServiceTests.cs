using System.Collections.Concurrent;
using System.Net;
using Candor.Health.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Candor.Health.Tests.Frameworks;

/// <summary>The app's hosted services, registered before and after health.</summary>
public sealed class HostedServiceTests
{
    [Fact]
    public async Task Services_start_before_the_instance_is_ready_run_beside_it_and_are_stopped_in_turn()
    {
        var said = new ConcurrentQueue<string>();
        await using (var app = await RunningApp.StartAsync(Beside.Quick, builder =>
        {
            builder.Services.AddSingleton<IHostedService>(_ => new Said("one", said));
            builder.Services.AddSingleton<IHostedService>(_ => new Said("two", said));
        }))
        {
            await app.StartedAsync();
            Assert.Equal(["one starts", "two starts"], said.Where(text => text.EndsWith("starts", StringComparison.Ordinal)));
            await Eventually.TrueAsync(() => said.Contains("one runs") && said.Contains("two runs"), "they run");
            await Beside.UntilAsync(app, HttpStatusCode.OK, () => Task.CompletedTask);
            await app.App.StopAsync();
        }

        Assert.Equal(["two stops", "one stops"], said.Where(text => text.EndsWith("stops", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Background_service_that_throws_stops_the_host_as_without_health()
    {
        var said = new ConcurrentQueue<string>();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await RunningApp.StartAsync(
            Beside.Quick, builder => builder.Services.AddSingleton<IHostedService>(_ => new Said("broken", said) { BreaksAfter = go.Task }));
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = app.App.Lifetime.ApplicationStopping.Register(() => stopping.SetResult());
        Assert.False(stopping.Task.IsCompleted);

        go.SetResult();

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private sealed class Said(string name, ConcurrentQueue<string> said) : BackgroundService
    {
        public Task? BreaksAfter { get; init; }

        public override Task StartAsync(CancellationToken cancellationToken)
        {
            said.Enqueue($"{name} starts");
            return base.StartAsync(cancellationToken);
        }

        public override Task StopAsync(CancellationToken cancellationToken)
        {
            said.Enqueue($"{name} stops");
            return base.StopAsync(cancellationToken);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            said.Enqueue($"{name} runs");
            if (BreaksAfter is not null)
            {
                await BreaksAfter;
                throw new InvalidOperationException("A bug.");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stoppingToken);
        }
    }
}
