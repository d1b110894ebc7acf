using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Candor.Planning;
using Candor.Planning.Lint;
using Candor.Program.Config;

namespace Candor.Benchmarks;

/// <summary>
/// Lint of the program's own Plan for many services, after it is loaded: <c>./candor bench lint [services]</c>. Lint uses one thread;
/// what is measured is processor time, because wall-clock time on a busy machine measures the others.
/// </summary>
internal static class LintBenchmark
{
    private const int Runs = 9;

    public static async Task<int> RunAsync(string[] options)
    {
        var most = options is [var text, ..] && int.TryParse(text, out var given) && given > 1 ? given : 100;
        var rows = new List<Row>();
        var (few, many) = (await MeasureAsync(Math.Max(1, most / 10)), await MeasureAsync(most));
        rows.Add(new(
            $"lint of {most} services ({many.Resources} resources), first run, processor time",
            Text.Of($"{many.First:0} ms"),
            string.Empty,
            string.Empty,
            "< 1,000 ms",
            many.First < 1000));
        rows.Add(new(
            $"lint of {most} services, median of {Runs}",
            Text.Of($"{many.Median:0.0} ms"),
            Text.Of($"{few.Median:0.0} ms for {few.Resources} resources"),
            Text.Of($"{many.Median / few.Median:0.0}"),
            "none",
            true));
        rows.Add(new("findings", Text.Of($"{many.Findings}"), string.Empty, string.Empty, "0", many.Findings == 0));
        return Row.Print("a tenth of the services", rows) ? 0 : 1;
    }

    private static async Task<(int Resources, double First, double Median, int Findings)> MeasureAsync(int services)
    {
        var recorded = PlanJson.Serialize(await RecordAsync(services));
        var plan = PlanReader.Read(Encoding.UTF8.GetBytes(recorded), "plan.json");
        var times = Enumerable.Range(0, Runs).Select(_ => Time(plan)).ToList();
        return (plan.Resources.Count, times[0], Text.Median(times), Linter.Lint(plan).Findings.Count);
    }

    // A copy, so that no run finds an index that another has built.
    private static double Time(Plan plan)
    {
        var fresh = plan with { Resources = [.. plan.Resources] };
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        _ = Linter.Lint(fresh);
        process.Refresh();
        return (process.TotalProcessorTime - start).TotalMilliseconds;
    }

    private static Task<Plan> RecordAsync(int services)
    {
        var settings = StackFiles.Read(Root(), "prod", StackConfig.SecretKeys);
        var config = settings.Config.ToDictionary();
        config["candor:services"] = new JsonArray([.. Enumerable.Range(1, services - 1).Select(i => new JsonObject
        {
            ["name"] = $"service-{i}",
            ["image"] = config["candor:image"],
            ["paths"] = new JsonArray($"/service-{i}*"),
            ["health"] = new JsonObject
            {
                ["dependencies"] = new JsonArray(new JsonObject { ["name"] = "database", ["kind"] = "postgres" }),
            },
        })]).ToJsonString();
        return PlanRecorder.RecordAsync(settings with { Config = config }, CancellationToken.None);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Pulumi.yaml")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("The benchmark runs inside the repository, beside Pulumi.yaml.");
    }
}
