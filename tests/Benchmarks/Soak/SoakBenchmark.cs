using System.Globalization;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;

namespace Candor.Benchmarks.Soak;

/// <summary>Load and random kills for a long time; memory and file descriptors of what stays must stay flat.</summary>
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
        await using var stack = await RunningStack.StartAsync(await RunningStack.DevelopmentPlanAsync(), Speed);
        await using var load = LoadGenerator.Start(stack.Url, Rate, TimeSpan.FromSeconds(1));
        var began = time.GetTimestamp();
        var samples = new List<Sample>();
        var kills = 0;
        Console.WriteLine("| minute | requests | supervisor MiB | open files | kills |");
        Console.WriteLine("|---|---|---|---|---|");
        while (time.GetElapsedTime(began) < TimeSpan.FromMinutes(minutes))
        {
            await Task.Delay(_sample, time);
            if (Random.Shared.Next(3) == 0 && (await stack.StatusAsync()) is { Healthy: true } status)
            {
                var pods = status.Pods.Where(p => p.ProcessId is not null && p.Workload == "orders").ToList();
                Signals.Send(pods[Random.Shared.Next(pods.Count)].ProcessId!.Value, Signal.Kill);
                kills++;
            }

            var sample = Sample.Take(Environment.ProcessId);
            samples.Add(sample);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {time.GetElapsedTime(began).TotalMinutes:0.0} | {load.Requests} | {sample.MebiBytes:0} | {sample.Files} | {kills} |"));
        }

        await stack.UntilHealthyAsync();
        // The first fifth is warming up.
        var settled = samples[samples.Count / 5];
        var end = samples[^1];
        var flat = end.MebiBytes <= (settled.MebiBytes * 1.3) + 50 && end.Files <= settled.Files + 50;
        Console.WriteLine(flat ? "flat" : $"not flat: {settled} grew to {end}");
        return flat ? 0 : 1;
    }

    private sealed record Sample(double MebiBytes, int Files)
    {
        public static Sample Take(int pid)
        {
            var resident = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kib = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return new(kib / 1024, Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count());
        }
    }
}
