using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Testing.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Tests.Evaluation;

/// <summary>Checks and engines for the tests of the engine.</summary>
internal static class TestChecks
{
    public static HealthCheckRegistration Of(string name, Func<CancellationToken, Task<HealthCheckResult>> check, TimeSpan? timeout = null, HealthStatus failure = HealthStatus.Unhealthy, params string[] tags) =>
        new(name, new Check(check), failure, tags, timeout);

    public static HealthCheckRegistration Healthy(string name) => Of(name, _ => Task.FromResult(HealthCheckResult.Healthy()));

    public static Evaluator Engine(
        IEnumerable<HealthCheckRegistration> checks,
        TimeProvider? time = null,
        HealthBudget? budget = null,
        IServiceProvider? services = null,
        IEnumerable<ISignal>? signals = null,
        Func<TimeSpan>? poolDelay = null)
    {
        time ??= TimeProvider.System;
        return new(checks, signals ?? [], budget ?? new(), services ?? new ServiceCollection().BuildServiceProvider(), time, time, poolDelay);
    }

    public static CheckReport Report(this EvaluationResult evaluation, string name) => evaluation.Checks.Single(check => check.Name == name);

    /// <summary>Moves the clock on until the task is done; each step gives the thread pool a moment.</summary>
    public static async Task<T> OnAsync<T>(this FakeTimeProvider time, Task<T> task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            await Hosting.Eventually.TrueAsync(() => time.Armed > 0 || task.IsCompleted, "a deadline is set");
            time.Advance(step);
        }

        return await task;
    }

    private sealed class Check(Func<CancellationToken, Task<HealthCheckResult>> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => check(cancellationToken);
    }
}
