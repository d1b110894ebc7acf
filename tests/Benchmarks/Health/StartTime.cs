namespace Candor.Benchmarks;

/// <summary>Process start to the first 200 on /health.</summary>
internal static class StartTime
{
    private const int Starts = 11;

    public static async Task<Row> MeasureAsync(PublishedSample app)
    {
        var ours = new List<double>();
        var theirs = new List<double>();
        for (var start = -1; start < Starts; start++)
        {
            await using var candor = await Sample.CandorAsync(app);
            await using var builtIn = await Sample.BuiltInAsync(app);
            if (start >= 0)
            {
                ours.Add(candor.StartTime.TotalMilliseconds);
                theirs.Add(builtIn.StartTime.TotalMilliseconds);
            }
        }

        var (time, other) = (Text.Median(ours), Text.Median(theirs));
        return new(
            "process start to the first 200",
            Text.Of($"{time:0} ms"),
            Text.Of($"{other:0} ms"),
            Text.Of($"{time / other:0.00}"),
            "≤ 1.10",
            time <= other * 1.10);
    }
}
