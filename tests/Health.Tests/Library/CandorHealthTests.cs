using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.State;
using Candor.Health.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Library;

/// <summary>What the app itself sees of its health, and does with it.</summary>
public sealed class CandorHealthTests
{
    private static readonly HealthContract Quick = new() { Freshness = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task State_and_its_changes_are_seen_from_within_and_a_listener_that_throws_harms_nobody()
    {
        var healthy = true;
        await using var app = await RunningApp.StartAsync(
            Quick,
            builder => builder.Services.AddHealthChecks().AddCheck("mine", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy()));
        var health = app.App.Services.GetRequiredService<ICandorHealth>();
        var seen = new List<HealthChange>();
        using var failing = health.OnChange(_ => throw new InvalidOperationException("Not caught by the app."));
        using var listening = health.OnChange(seen.Add);
        await app.StartedAsync();
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.Ready, "it is ready");
        Assert.True(health.Ready);
        Assert.Null(health.Reason);

        healthy = false;
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.NotReady, "it is not ready");
        Assert.Equal((HealthState.NotReady, false, "check failed"), (health.State, health.Ready, health.Reason));
        Assert.Equal(new(HealthState.Ready, HealthState.NotReady, "check failed"), seen[^1]);

        listening.Dispose();
        var count = seen.Count;
        healthy = true;
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.Ready, "it is ready again");
        Assert.Equal(count, seen.Count);
    }

    [Fact]
    public async Task Signal_of_the_apps_own_is_read_with_every_evaluation()
    {
        var signal = new Backlog();
        await using var app = await RunningApp.StartAsync(Quick, builder => builder.Services.AddSingleton<IHealthSignal>(signal));
        var health = app.App.Services.GetRequiredService<ICandorHealth>();
        await app.StartedAsync();
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.Ready, "it is ready");

        signal.Cause = new(Reason.Backlog);
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.NotReady, "it is not ready");
        Assert.Equal("backlog", (await app.ReadinessAsync()).Body.GetProperty("checks").GetProperty("in-memory").GetProperty("reason").GetString());
        signal.TakesOut = false;
        await Eventually.TrueAsync(async () => await health.EvaluateAsync() == HealthState.Degraded, "it is degraded");
        signal.Throws = true;
        await Eventually.TrueAsync(async () => (await app.ReadinessAsync()).Body.GetProperty("checks").GetProperty("in-memory").GetProperty("reason").GetString() == "check failed", "its failure is one");
    }

    private sealed class Backlog : IHealthSignal
    {
        public string Name => "in-memory";

        public bool TakesOut { get; set; } = true;

        public bool Throws { get; set; }

        public FailureCause? Cause { get; set; }

        public FailureCause? Read() => Throws ? throw new InvalidOperationException() : Cause;
    }

    [Fact]
    public async Task Drain_can_be_begun_from_within_and_is_heard_there()
    {
        await using var app = await (await RunningApp.StartAsync(Quick)).StartedAsync();
        var health = app.App.Services.GetRequiredService<ICandorHealth>();
        Assert.False(health.Draining);
        Assert.False(health.DrainStarted.IsCancellationRequested);

        Assert.True(health.BeginDrain("a test"));

        Assert.False(health.BeginDrain("again"));
        Assert.True(health.Draining);
        Assert.Equal(HealthState.Draining, health.State);
        await Eventually.TrueAsync(() => health.DrainStarted.IsCancellationRequested, "the token is cancelled");
        Assert.Contains("a test", await app.Management.GetStringAsync("/drain"), StringComparison.Ordinal);
    }
}
