using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;

namespace Candor.Chaos.Reports;

/// <summary>The repetitions of one fault on one service, together.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Service">The service.</param>
/// <param name="Runs">Every repetition.</param>
internal sealed record Summary(string Fault, ServiceKind Service, IReadOnlyList<FaultRun> Runs)
{
    /// <summary>By fault in the order of the catalogue, ours before the others.</summary>
    public static IReadOnlyList<Summary> Of(IReadOnlyList<FaultRun> runs)
    {
        var order = FaultCatalogue.All.Select((fault, index) => (fault.Name, index)).ToDictionary(one => one.Name, one => one.index, StringComparer.Ordinal);
        return
        [
            .. runs.GroupBy(run => (run.Fault, run.Service))
                .Select(group => new Summary(group.Key.Fault, group.Key.Service, Latest(group)))
                .OrderBy(summary => summary.Service is ServiceKind.Orders or ServiceKind.Sample ? 0 : (int)summary.Service)
                .ThenBy(summary => order.GetValueOrDefault(summary.Fault, int.MaxValue)),
        ];
    }

    /// <summary>One that was invalid may have been made again: the last of each repetition counts.</summary>
    private static List<FaultRun> Latest(IEnumerable<FaultRun> runs) => [.. runs.GroupBy(run => run.Repetition).Select(group => group.Last()).OrderBy(run => run.Repetition)];

    /// <summary>Those that count.</summary>
    public IReadOnlyList<FaultRun> Counting { get; } = [.. Runs.Where(run => run.Counts)];

    /// <summary>Any of them, for what is the same in all.</summary>
    public FaultRun Any => Runs[0];

    /// <summary>The worst of those that count, else why none does.</summary>
    public Outcome Outcome => Counting.Count == 0 ? Runs[^1].Outcome : Counting.Max(run => run.Outcome);

    /// <summary>What there is to say, with how often where it was not always so.</summary>
    public IReadOnlyList<string> Findings =>
    [
        .. (Counting.Count > 0 ? Counting : Runs).SelectMany(run => run.Findings).GroupBy(finding => finding.Kind)
            .OrderBy(group => group.Key)
            .Select(group => Runs.Count == 1 ? string.Join("; ", group.Select(f => f.Text)) : $"{group.Last().Text} ({Number(group.Count())} of {Number(Math.Max(1, Counting.Count))} runs)"),
    ];

    /// <summary>A measured number as its median, with the least and the most of the repetitions.</summary>
    public string Interval(Func<FaultRun, double?> number, string none = "never")
    {
        var values = Counting.Select(number).ToList();
        if (values.Count == 0)
        {
            return "–";
        }

        var known = values.OfType<double>().Order().ToList();
        if (known.Count == 0)
        {
            return none;
        }

        var median = Seconds(known[known.Count / 2]);
        var text = known.Count == 1 || Seconds(known[0]) == Seconds(known[^1]) ? median : $"{median} ({Seconds(known[0])}–{Seconds(known[^1])})";
        return known.Count == values.Count ? text : $"{text}, {none} in {Number(values.Count - known.Count)}";
    }

    /// <summary>The share of users that failed, the mean over the repetitions.</summary>
    public double? FailedShare(string operation)
    {
        var shares = Counting.SelectMany(run => run.Operations).Where(one => one.Operation == operation && (one.Requests > 0 || Operations.Background.Contains(operation))).Select(one => one.During).ToList();
        return shares.Count == 0 ? null : shares.Average();
    }

    private static string Seconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>True and false, by fault.</summary>
/// <param name="Found">Faults that health reported.</param>
/// <param name="Missed">Faults that it did not.</param>
/// <param name="FalseAlarms">Situations without a fault in which it reported one.</param>
/// <param name="Quiet">Those in which it did not.</param>
/// <param name="WrongReasons">Of the found: those whose cause was not named, or something else was.</param>
internal sealed record Matrix(int Found, int Missed, int FalseAlarms, int Quiet, int WrongReasons)
{
    public static Matrix Of(IEnumerable<FaultRun> runs)
    {
        var counting = runs.Where(run => run.Counts).ToList();
        return new(
            counting.Count(run => run.IsFault && run.Reported),
            counting.Count(run => run.IsFault && !run.Reported),
            counting.Count(run => !run.IsFault && run.Reported),
            counting.Count(run => !run.IsFault && !run.Reported),
            counting.Count(run => run.IsFault && run.Reported && run.Findings.Any(finding => finding.Kind == FindingKind.WrongReason)));
    }
}
