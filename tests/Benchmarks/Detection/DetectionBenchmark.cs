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

    /// <summary>The status is taken this often; its own loop runs every 100 ms.</summary>
    private static readonly TimeSpan _sample = TimeSpan.FromMilliseconds(20);

    /// <summary><c>detection [runs]</c>: 20 of each fault by default.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        var runs = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 20;
        var plan = await RunningStack.DevelopmentPlanAsync();
        var bound = ContractTimeline.Of(plan.Contract!, new(2, 1, 0, TimeSpan.Zero)).Scale(Speed).BalancerNoticesFailure.Worst;
        var check = plan.Contract!.Balancer;
        var threshold = check.UnhealthyThreshold;
        await using var stack = await RunningStack.StartAsync(plan, Speed);
        await using var load = LoadGenerator.Start(
            stack.Url, Rate, TimeSpan.FromMilliseconds(500), patience: TimeSpan.FromSeconds(1));
        var fine = true;
        var all = new List<TimeSpan>();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"speed {Speed}, {runs} runs each; milliseconds from the fault to the last request sent to the bad target"));
        Console.WriteLine("| fault | fastest | median | slowest | bound | median of bound | |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
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

            times.Sort();
            var median = times[times.Count / 2];
            var holds = times[^1] <= bound;
            fine &= holds;
            all.AddRange(times);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {fault.Name} | {times[0].TotalMilliseconds:0} | {median.TotalMilliseconds:0} | {times[^1].TotalMilliseconds:0} | {bound.TotalMilliseconds:0} | {median / bound:P0} | {(holds ? "holds" : "broken")} |"));
        }

        all.Sort();
        var middle = all[all.Count / 2] / bound;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"median over all: {middle:P0} of the bound. A fault that only probes can see takes between {(double)(threshold - 1) / (threshold + (check.Timeout / check.Interval)):P0} and all of it: threshold less one whole intervals have to pass."));
        return fine ? 0 : 1;
    }

    private static async Task<TimeSpan> OnceAsync(RunningStack stack, Fault fault)
    {
        var status = await stack.UntilHealthyAsync();
        // A fault does not wait for a probe: anywhere between two of them.
        await Task.Delay(stack.Plan.Contract!.Balancer.Interval.Scale(Speed) * Random.Shared.NextDouble(), TimeProvider.System);
        var pod = status.Pods.Where(p => p.Workload == "orders").MaxBy(p => p.StartedAt)!;
        var injected = TimeProvider.System.GetTimestamp();
        var last = TimeSpan.Zero;
        var sent = status.Targets.First(t => t.Pod == pod.Name && t.State == TargetState.Healthy).Requests;
        await fault.InjectAsync(stack, pod);
        try
        {
            await stack.UntilAsync(
                s =>
                {
                    // One that drains is an earlier registration of the same pod, or the end of this one.
                    var target = s.Targets.FirstOrDefault(t => t.Pod == pod.Name && t.State != TargetState.Draining);
                    if (target is not null && target.Requests > sent)
                    {
                        sent = target.Requests;
                        last = TimeProvider.System.GetElapsedTime(injected);
                    }

                    return target is null || target.State == TargetState.Unhealthy;
                },
                $"the balancer noticed {fault.Name}",
                poll: _sample);
        }
        finally
        {
            await fault.RepairAsync(stack, pod);
        }

        return last;
    }
}
