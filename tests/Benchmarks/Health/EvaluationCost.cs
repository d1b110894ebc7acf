using System.Diagnostics;
using Candor.Contract;
using Candor.Health.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Candor.Benchmarks;

/// <summary>One evaluation of ten trivial checks, in process.</summary>
internal static class EvaluationCost
{
    private const int Checks = 10;
    private const int Batch = 2_000;
    private const int Batches = 15;

    public static async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var services = new ServiceCollection().AddLogging();
        var builder = services.AddHealthChecks();
        for (var number = 0; number < Checks; number++)
        {
            builder.AddCheck($"check-{number}", () => HealthCheckResult.Healthy());
        }

        await using var provider = services.BuildServiceProvider();
        var builtIn = provider.GetRequiredService<HealthCheckService>();
        using var engine = new Evaluator(
            provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations, [], new HealthBudget(), provider,
            TimeProvider.System, TimeProvider.System);

        var ours = new List<(double Time, double Bytes)>();
        var theirs = new List<(double Time, double Bytes)>();
        for (var batch = -3; batch < Batches; batch++)
        {
            // Turn about, so that whatever else the machine does falls on both.
            var one = await BatchAsync(async () => await engine.EvaluateAsync());
            var other = await BatchAsync(async () => await builtIn.CheckHealthAsync());
            if (batch >= 0)
            {
                ours.Add(one);
                theirs.Add(other);
            }
        }

        var (time, otherTime) = (Text.Median(ours.Select(sample => sample.Time)), Text.Median(theirs.Select(sample => sample.Time)));
        var (bytes, otherBytes) = (Text.Median(ours.Select(sample => sample.Bytes)), Text.Median(theirs.Select(sample => sample.Bytes)));
        return
        [
            new(
                "one evaluation of 10 trivial checks, time",
                Text.Of($"{time:0.0} µs"),
                Text.Of($"{otherTime:0.0} µs"),
                Text.Of($"{time / otherTime:0.00}"),
                "≤ 1.5",
                time <= otherTime * 1.5),
            new(
                "one evaluation of 10 trivial checks, allocated",
                Text.Of($"{bytes:0} B"),
                Text.Of($"{otherBytes:0} B"),
                Text.Of($"{bytes / otherBytes:0.00}"),
                "≤ 0.5",
                bytes <= otherBytes * 0.5),
        ];
    }

    private static async Task<(double Microseconds, double Bytes)> BatchAsync(Func<Task> evaluate)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < Batch; number++)
        {
            await evaluate();
        }

        return (clock.Elapsed.TotalMicroseconds / Batch, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Batch);
    }
}
