using System.Globalization;

namespace Candor.Benchmarks;

/// <summary>What Candor costs each request of users: throughput and allocations of the same app with and without it.</summary>
internal static class RequestCost
{
    private const int Users = 64;
    private const int Turns = 7;
    private static readonly byte[] Request = [.. "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8];

    public static async Task<IReadOnlyList<Row>> MeasureAsync(PublishedSample app)
    {
        await using var candor = await Sample.CandorAsync(app);
        await using var builtIn = await Sample.BuiltInAsync(app);
        var (ours, theirs, allocated, other) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var turn = -1; turn < Turns; turn++)
        {
            var one = await TurnAsync(candor);
            var two = await TurnAsync(builtIn);
            if (turn >= 0)
            {
                ours.Add(one.Rate);
                theirs.Add(two.Rate);
                allocated.Add(one.Bytes);
                other.Add(two.Bytes);
            }
        }

        var ratio = Text.Median(ours.Zip(theirs, (one, two) => one / two));
        var more = Text.Median(allocated) - Text.Median(other);
        return
        [
            new(
                "requests of users a second",
                Text.Of($"{Text.Median(ours):0}"),
                Text.Of($"{Text.Median(theirs):0}"),
                Text.Of($"{ratio:0.000}"),
                "≥ 0.97",
                ratio >= 0.97),
            new(
                "bytes allocated a request",
                Text.Of($"{Text.Median(allocated):0}"),
                Text.Of($"{Text.Median(other):0}"),
                Text.Of($"{more:+0;-0}"),
                "stated",
                true),
        ];
    }

    private static async Task<(double Rate, double Bytes)> TurnAsync(Sample sample)
    {
        var before = await AllocatedAsync(sample);
        var rate = await ProberThroughput.LoadAsync(sample.Port, Request, Users);
        var after = await AllocatedAsync(sample);

        // The warm-up is served and not counted, at about the same rate.
        return (rate, (after - before) / (rate * ProberThroughput.Seconds));
    }

    private static async Task<double> AllocatedAsync(Sample sample)
    {
        using var client = new HttpClient();
        return double.Parse(
            await client.GetStringAsync(Text.Of($"http://127.0.0.1:{sample.Port}/allocated")), CultureInfo.InvariantCulture);
    }
}
