using System.Globalization;
using Candor.Contract;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.Benchmarks.Detection;

/// <summary>Measures how long after a fault the balancer still sends requests to the bad replica, against the contract's bound.</summary>
internal static class DetectionBenchmark
{
    private const double Speed = 10;
    private const int Rate = 150;

    /// <summary>How often the balancer itself is asked what it has sent where: the status is up to 100 ms old.</summary>
    private static readonly TimeSpan _sample = TimeSpan.FromMilliseconds(5);

    /// <summary>The share of the bound below which the median must lie.</summary>
    private const double Median = 0.6;

    /// <summary><c>detection [runs]</c>: 20 of each fault by default.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        var runs = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 20;
        var articles = OrdersContract.Default;
        var quick = articles with { Readiness = articles.Readiness with { Period = TimeSpan.FromSeconds(5) } };
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"speed {Speed}, {runs} runs each; milliseconds from the fault to the last request sent to the bad target"));
        var floor = (articles.Balancer.UnhealthyThreshold - 1) / (
            articles.Balancer.UnhealthyThreshold + (articles.Balancer.Timeout / articles.Balancer.Interval));
        var asArticles = await MeasureAsync("the articles' numbers: balancer and readiness probe every 10 s", articles, runs);
        Console.WriteLine(
            $"With one interval for both, a fault that only probes can see takes {floor:P0} of the bound at the least: threshold less "
                + $"one whole intervals have to pass.");
        var asQuick = await MeasureAsync("a readiness probe every 5 s, all else the same", quick, runs);
        return asArticles.Holds && asQuick.Holds && asQuick.Median <= Median ? 0 : 1;
    }

    private static async Task<(bool Holds, double Median)> MeasureAsync(string title, HealthContract contract, int runs)
    {
        var bound = ContractTimeline.Of(contract, new(2, 1, 0, TimeSpan.Zero)).Scale(Speed).BalancerNoticesFailure.Worst;
        await using var stack = await RunningStack.StartAsync(await RunningStack.PlanOfAsync(contract), Speed);
        await using var load = LoadGenerator.Start(
            stack.Url, Rate, TimeSpan.FromMilliseconds(500), requestTimeout: TimeSpan.FromSeconds(1));
        var fine = true;
        var all = new List<TimeSpan>();
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine("| fault | fastest | median | slowest | bound | median of bound | |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---|");
        foreach (var fault in Fault.All)
        {
            if (!fault.IsPossible)
            {
                Console.WriteLine($"| {fault.Name} | needs root and nft | | | | | |");
                continue;
            }

            var times = new List<TimeSpan>();
            for (var i = 0; i < runs; i++)
            {
                times.Add(await OnceAsync(stack, fault));
            }

            fine &= Print(fault.Name, times, bound);
            all.AddRange(times);
        }

        Print("all", all, bound);
        return (fine, all[all.Count / 2] / bound);
    }

    private static bool Print(string name, List<TimeSpan> times, TimeSpan bound)
    {
        times.Sort();
        var median = times[times.Count / 2];
        var holds = times[^1] <= bound;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {times[0].TotalMilliseconds:0} | {median.TotalMilliseconds:0} | {times[^1].TotalMilliseconds:0} | "
                + $"{bound.TotalMilliseconds:0} | {median / bound:P0} | {(holds ? "holds" : "broken")} |"));
        return holds;
    }

    private static async Task<TimeSpan> OnceAsync(RunningStack stack, Fault fault)
    {
        var status = await stack.UntilHealthyAsync();
        // A fault does not wait for a probe: anywhere between two of them.
        await Task.Delay(stack.Plan.Contract!.Balancer.Interval.Scale(Speed) * Random.Shared.NextDouble(), TimeProvider.System);
        var pod = status.Pods.Where(p => p.Workload == "orders").MaxBy(p => p.StartedAt)!;
        var target = status.Targets.First(t => t.Pod == pod.Name && t.State == TargetState.Healthy);
        var injected = TimeProvider.System.GetTimestamp();
        await fault.InjectAsync(stack, pod);
        using var enough = new CancellationTokenSource();
        var last = LastSentAsync(stack, target.Endpoint, injected, enough.Token);
        try
        {
            await stack.UntilAsync(
                s =>
                {
                    // One that drains is an earlier registration of the same pod, or the end of this one.
                    var now = s.Targets.FirstOrDefault(t => t.Pod == pod.Name && t.State != TargetState.Draining);

                    // A process that ended may serve again before the balancer hears of its end.
                    return now is null
                        || now.State == TargetState.Unhealthy
                        || s.Pods.Any(p => p.Name == pod.Name && p.Restarts > pod.Restarts && p.Ready);
                },
                $"the balancer noticed {fault.Name}");
            await enough.CancelAsync();
            return await last;
        }
        finally
        {
            await fault.RepairAsync(stack, pod);
        }
    }

    /// <summary>When the last request was sent to an endpoint, from a moment on; watched until cancelled.</summary>
    private static async Task<TimeSpan> LastSentAsync(RunningStack stack, string endpoint, long since, CancellationToken enough)
    {
        const int First = 1;
        var admin = new HaproxyAdmin(new StateFolder(stack.Options.StateDirectory).BalancerSocket(First));
        var last = TimeSpan.Zero;
        var sent = await CountAsync();
        while (!enough.IsCancellationRequested)
        {
            await Task.Delay(_sample, TimeProvider.System, CancellationToken.None);
            if (await CountAsync() is var now && now > sent)
            {
                sent = now;
                last = TimeProvider.System.GetElapsedTime(since);
            }
        }

        return last;

        async Task<long> CountAsync() =>
            (await admin.ServersAsync(CancellationToken.None)).Where(s => s.Address == endpoint).Sum(s => s.Total);
    }
}
