using System.Diagnostics;

namespace Candor.Benchmarks;

/// <summary>Health against the framework's own health checks, each pair in the same run on the same machine.</summary>
internal static class HealthBenchmark
{
    /// <summary>Measures, prints the table, and returns 1 when a bound does not hold.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        if (options is not [])
        {
            Console.Error.WriteLine($"health takes no options; found \"{string.Join(' ', options)}\".");
            return 2;
        }

        List<Row> rows = [.. await ShownAsync("evaluation", EvaluationCost.MeasureAsync)];
        using var app = await ShownAsync("publish", PublishedSample.MakeAsync);
        rows.AddRange(await ShownAsync("1,000 probers", () => ProberThroughput.MeasureAsync(app)));
        rows.AddRange(await ShownAsync("requests of users", () => RequestCost.MeasureAsync(app)));
        rows.Add(await ShownAsync("start", () => StartTime.MeasureAsync(app)));
        rows.Add(await ShownAsync("idle", () => IdleCost.MeasureAsync(app)));
        return Row.Print("built-in", rows) ? 0 : 1;
    }

    /// <summary>Progress goes to the error stream, so that the table alone can be kept.</summary>
    private static async Task<T> ShownAsync<T>(string what, Func<Task<T>> measure)
    {
        var clock = Stopwatch.StartNew();
        await Console.Error.WriteAsync($"{what} ... ");
        var result = await measure();
        await Console.Error.WriteLineAsync(Text.Of($"{clock.Elapsed.TotalSeconds:0} s"));
        return result;
    }
}
