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
        var (ours, theirs) = (Cpu(candor), Cpu(builtIn));
        await Task.Delay(Span, TimeProvider.System);
        var (share, other) = ((Cpu(candor) - ours) / Span, (Cpu(builtIn) - theirs) / Span);
        var cost = share - other;
        return new("idle, share of one core; watchdog and canary cost the difference", Text.Of($"{share * 100:0.00} %"), Text.Of($"{other * 100:0.00} %"), Text.Of($"{cost * 100:+0.00;-0.00} %"), "< 0.5 %", cost < 0.005);
    }

    // From the scheduler, in nanoseconds. The processor time of /proc/<pid>/stat is a guess by the timer's tick on most kernels, and a
    // watchdog that wakes with the tick is charged for all of it: we saw it doubled.
    private static TimeSpan Cpu(Sample sample) => TimeSpan.FromMicroseconds(
        Directory.EnumerateDirectories($"/proc/{sample.Process.Id}/task").Sum(thread => RunTime(Path.Combine(thread, "schedstat"))) / 1000d);

    private static long RunTime(string file)
    {
        try
        {
            return long.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // A thread that has just ended. What it had cost is lost from both readings.
            return 0;
        }
    }
}
