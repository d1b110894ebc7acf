using Candor.Benchmarks;

// A benchmark is a name and a way to run it; its options follow the name.
Dictionary<string, Func<string[], Task<int>>> benchmarks = new(StringComparer.Ordinal)
{
    ["health"] = HealthBenchmark.RunAsync,
    ["plan"] = PlanBenchmark.RunAsync,
};

if (args is [var name, .. var options] && benchmarks.TryGetValue(name, out var run))
{
    return await run(options);
}

Console.Error.WriteLine($"Which benchmark? Found \"{string.Join(' ', args)}\", expected one of: {string.Join(", ", benchmarks.Keys)}. Fix: run ./candor bench health.");
return 2;
