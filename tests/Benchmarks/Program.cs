using Candor.Benchmarks;
using Candor.Benchmarks.Detection;
using Candor.Benchmarks.Rollout;
using Candor.Benchmarks.Soak;

// A benchmark is a name and a way to run it; its options follow the name.
Dictionary<string, Func<string[], Task<int>>> benchmarks = new(StringComparer.Ordinal)
{
    ["health"] = HealthBenchmark.RunAsync,
    ["edges"] = EdgesBenchmark.RunAsync,
    ["plan"] = PlanBenchmark.RunAsync,
    ["rollout"] = RolloutBenchmark.RunAsync,
    ["detection"] = DetectionBenchmark.RunAsync,
    ["soak"] = SoakBenchmark.RunAsync,
    ["lint"] = LintBenchmark.RunAsync,
};

if (args is [var name, .. var options] && benchmarks.TryGetValue(name, out var run))
{
    return await run(options);
}

// What the rollout is compared with; started by it as a pod, never by a person.
if (args is ["article"])
{
    return await ArticleApp.RunAsync();
}

Console.Error.WriteLine(
    $"Which benchmark? Found \"{string.Join(' ', args)}\", expected one of: {string.Join(", ", benchmarks.Keys)}. Fix: run ./candor "
        + "bench health.");
return 2;
