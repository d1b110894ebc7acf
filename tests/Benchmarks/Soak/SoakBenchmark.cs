using System.Globalization;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.Benchmarks.Soak;

/// <summary>
/// Load and random kills for a long time; memory and file descriptors of what stays must stay flat: the supervisor, the balancer, and
/// the one replica that is never killed. Nothing is wrong with that one, so its health may at no time say so (N301).
/// </summary>
internal static class SoakBenchmark
{
    private const double Speed = 5;
    private const int Rate = 200;
    private static readonly TimeSpan _sample = TimeSpan.FromSeconds(10);

    /// <summary><c>soak [minutes]</c>: 30 by default.</summary>
    public static async Task<int> RunAsync(string[] options)
    {
        var minutes = options.Length > 0 ? double.Parse(options[0], CultureInfo.InvariantCulture) : 30;
        var time = TimeProvider.System;
        await using var stack = await RunningStack.StartAsync(await RunningStack.LongDeadlinesPlanAsync(), Speed);
        var survivor = (await stack.StatusAsync()).Pods.First(pod => pod.Workload == "orders");
        Footprint[] staying =
        [
            new("supervisor and load", Environment.ProcessId),
            new("balancer", Footprint.ChildOf(Environment.ProcessId, "haproxy")),
            new("replica never killed", survivor.ProcessId!.Value),
        ];
        await using var load = LoadGenerator.Start(stack.Url, Rate, TimeSpan.FromSeconds(1));
        var began = time.GetTimestamp();
        var kills = 0;
        var printed = 0;
        Console.WriteLine(
            $"| minute | requests | kills | {string.Join(" | ", staying.Select(process => process.Name + ", MiB / files"))} |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        while (time.GetElapsedTime(began) < TimeSpan.FromMinutes(minutes))
        {
            await Task.Delay(_sample, time);
            if (Random.Shared.Next(3) == 0 && (await stack.StatusAsync()) is { Healthy: true } status)
            {
                var pod = status.Pods.First(p => p.Workload == "orders" && p.Name != survivor.Name);
                Signals.Send(pod.ProcessId!.Value, Signal.Kill);
                kills++;
            }

            Array.ForEach(staying, process => process.Take());
            var minute = time.GetElapsedTime(began).TotalMinutes;
            if (minute >= printed)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {minute:0.0} | {load.Requests} | {kills} | {string.Join(" | ", staying.Select(process => process.Latest))} |"));
                printed = (int)minute + 1;
            }
        }

        var after = await stack.UntilHealthyAsync();
        var result = await load.StopAsync();
        var falseVerdicts = stack.LogOf(survivor.Name).Count(line => line.Contains("-> not ready", StringComparison.Ordinal));
        var alive = after.Pods.Single(pod => pod.Name == survivor.Name) is { Restarts: 0 } pods && pods.ProcessId == survivor.ProcessId;
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Requests} requests, {result.Failed} failed at {kills} kills; the replica that was left alone "
                + $"{(alive ? "was never restarted" : "WAS RESTARTED")}, and called itself not ready {falseVerdicts} times."));
        foreach (var process in staying)
        {
            Console.WriteLine(process.Summary);
        }

        return alive && falseVerdicts == 0 && staying.All(process => process.IsFlat) ? 0 : 1;
    }
}
