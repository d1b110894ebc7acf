using System.Globalization;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.Benchmarks.Rollout;

/// <summary>Rolls every replica again and again under load, and counts what users would have called a failure.</summary>
internal static class RolloutBenchmark
{
    private const double Speed = 3;
    private const int Rate = 800;

    /// <summary><c>rollout [requests]</c>: 100,000 by default, and a fifth of it the articles' way.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        var requests = options.Length > 0 ? long.Parse(options[0], CultureInfo.InvariantCulture) : 100_000;
        var plan = await RunningStack.LongDeadlinesPlanAsync();
        var ours = await MeasureAsync("Candor", plan, requests, local => local);
        var theirs = await MeasureAsync(
            "the articles' own way",
            ArticlePlan.Of(plan),
            requests / 5,
            local =>
                local with
                {
                    Programs = new Dictionary<string, LocalProgram>
                    {
                        [ArticlePlan.Image] = new(typeof(RolloutBenchmark).Assembly.Location),
                    },
                });

        Console.WriteLine();
        Console.WriteLine("| under a rolling restart | rollouts | requests | per second | of them slow | failed |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Print(ours);
        Print(theirs);
        if (ours.Load.Failed > 0)
        {
            Console.WriteLine(string.Join('\n', ours.Load.Failures));
        }

        if (theirs.Load.Failed == 0)
        {
            Console.WriteLine(
                "The articles' own way dropped nothing, so this run does not show that a dropped request would have been seen.");
        }

        return ours.Load.Failed == 0 && theirs.Load.Failed > 0 ? 0 : 1;
    }

    private static async Task<Row> MeasureAsync(string name, Plan plan, long requests, Func<LocalOptions, LocalOptions> change)
    {
        Console.WriteLine($"{name}: starting");
        await using var stack = await RunningStack.StartAsync(plan, Speed, change: change);
        await using var load = LoadGenerator.Start(stack.Url, Rate, TimeSpan.FromSeconds(2));
        var rollouts = 0;
        while (load.Requests < requests)
        {
            await stack.Client.RestartAsync();
            await stack.UntilHealthyAsync();
            rollouts++;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {rollouts} rollouts, {load.Requests} of {requests} requests"));
        }

        return new(name, rollouts, await load.StopAsync());
    }

    private static void Print(Row row) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Name} | {row.Rollouts} | {row.Load.Requests} | {row.Load.Rate:0} | {row.Load.Slow} | {row.Load.Failed} |"));

    private sealed record Row(string Name, int Rollouts, LoadResult Load);
}
