using System.Diagnostics;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Benchmarks;

/// <summary>How long a preview takes, and how that grows with the number of services.</summary>
internal static class PlanBenchmark
{
    private const int Few = 10;
    private const int Many = 100;
    private const int Rounds = 3;
    private const double SecondsForMany = 10;
    private const double Growth = 12;
    private const double GibibytesForMany = 1;

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length > 0)
        {
            Console.Error.WriteLine($"plan takes no options, found \"{string.Join(' ', options)}\".");
            return 2;
        }

        // The first preview of a process pays for its start, as a user's does.
        var first = await PreviewAsync(Many);
        var few = await MedianAsync(Few);
        var many = await MedianAsync(Many);
        using var process = Process.GetCurrentProcess();
        var memory = process.PeakWorkingSet64 / (double)(1L << 30);
        var growth = many.Seconds / few.Seconds;
        return Row.Print(
            $"{Few} services",
            [
                new($"preview of {Many} services ({first.Resources} resources), first in its process",
                    Text.Of($"{first.Seconds:0.00} s"), string.Empty, Text.Of($"{first.Seconds:0.00} s"),
                    Text.Of($"≤ {SecondsForMany} s"),
                    first.Seconds <= SecondsForMany),
                new($"preview of {Many} services, warm",
                    Text.Of($"{many.Seconds:0.00} s"), Text.Of($"{few.Seconds:0.000} s"), Text.Of($"{growth:0.0}"),
                    Text.Of($"≤ {Growth}"),
                    growth <= Growth),
                new("most memory of the process",
                    Text.Of($"{memory:0.00} GiB"), string.Empty, Text.Of($"{memory:0.00} GiB"), Text.Of($"≤ {GibibytesForMany} GiB"),
                    memory <= GibibytesForMany),
            ])
            ? 0
            : 1;
    }

    private static async Task<(double Seconds, int Resources)> MedianAsync(int services)
    {
        var samples = new List<(double Seconds, int Resources)>();
        for (var round = -1; round < Rounds; round++)
        {
            var sample = await PreviewAsync(services);
            if (round >= 0)
            {
                samples.Add(sample);
            }
        }

        return (Text.Median(samples.Select(sample => sample.Seconds)), samples[0].Resources);
    }

    /// <summary>Everything that <c>./candor preview</c> does but write to the terminal.</summary>
    private static async Task<(double Seconds, int Resources)> PreviewAsync(int services)
    {
        var settings = ManyServices.Settings(StackFiles.Read(ProjectFolder.Find(), "dev", StackConfig.SecretKeys), services);
        var clock = Stopwatch.StartNew();
        var plan = await PlanRecorder.RecordAsync(settings, CancellationToken.None);
        var json = PlanJson.Serialize(plan);
        var text = MarkdownReport.Write(PreviewReport.Of(plan));
        var seconds = clock.Elapsed.TotalSeconds;
        return json.Length > 0 && text.Length > 0
            ? (seconds, plan.Resources.Count)
            : throw new InvalidOperationException("The preview is empty.");
    }
}
