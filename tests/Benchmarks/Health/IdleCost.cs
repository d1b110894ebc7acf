using System.Globalization;

namespace Candor.Benchmarks;

/// <summary>What the watchdog and the canary cost while nobody asks for anything.</summary>
internal static class IdleCost
{
    // The first canaries are slow, for their code is compiled; a service rests for longer than it starts.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    public static async Task<Row> MeasureAsync(PublishedSample app)
    {
        await using var candor = await Sample.CandorAsync(app, contract: new() { Canary = new() { Route = "/" } });
        await using var builtIn = await Sample.BuiltInAsync(app);
        await Task.Delay(Rest, TimeProvider.System);
        var (ours, theirs) = (RunTimes(candor), RunTimes(builtIn));
        await Task.Delay(Span, TimeProvider.System);
        var (share, other) = (Since(ours, RunTimes(candor)) / Span, Since(theirs, RunTimes(builtIn)) / Span);
        var cost = share - other;
        return new(
            "idle, share of one core; watchdog and canary cost the difference",
            Text.Of($"{share * 100:0.00} %"),
            Text.Of($"{other * 100:0.00} %"),
            Text.Of($"{cost * 100:+0.00;-0.00} %"),
            "< 0.5 %",
            cost < 0.005);
    }

    // A thread that has ended takes its account with it: what it used meanwhile is lost, what it used before must not be counted back.
    private static TimeSpan Since(Dictionary<string, long> before, Dictionary<string, long> after) =>
        TimeSpan.FromMicroseconds(after.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)) / 1000d);

    // From the scheduler, in nanoseconds. The processor time of /proc/<pid>/stat is a guess by the timer's tick on most kernels, and a
    // watchdog that wakes with the tick is charged for all of it: we saw it doubled.
    private static Dictionary<string, long> RunTimes(Sample sample) =>
        Directory.EnumerateDirectories($"/proc/{sample.Process.Id}/task")
            .ToDictionary(thread => thread, thread => RunTime(Path.Combine(thread, "schedstat")));

    private static long RunTime(string file)
    {
        try
        {
            return long.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return 0;
        }
    }
}
