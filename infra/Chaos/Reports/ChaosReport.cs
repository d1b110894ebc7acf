using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Running;
using Candor.Planning;

namespace Candor.Chaos.Reports;

/// <summary>The result for people, as data: the terminal shows it, and docs/accuracy.md is it as Markdown.</summary>
internal static class ChaosReport
{
    /// <summary>What no run can show, however it ends.</summary>
    public static IReadOnlyList<string> Limits { get; } =
    [
        "One machine: users, probers, balancer, database and both replicas share its processors. Times are upper bounds, and a busy machine makes them larger.",
        "Durations of the contract are divided by the speed. What the operating system, the drivers and the client libraries wait for is not, so a fault may look slower than at speed 1.",
        "The balancer is an HAProxy led by an ALB's states, and the kubelet one of ours. A cloud's own delays (propagation, DNS) are not in it.",
        "Network faults are made on the way between a replica and a dependency. A cloud loses packets in more ways than silence, refusal, resets, lateness, half-open and one-way.",
        "Users' truth is what three kinds of requests and the database's own count show. What nobody asks for while a fault lasts is not measured.",
        "Memory near its limit is not made: a control group that ends the process would measure the kernel.",
        "F107 (redirect, authentication or a host filter on the health path) is not made: probes are answered before the app's middleware, and lint refuses it on the balancer.",
    ];

    public static Report Of(Result result)
    {
        var summaries = Summary.Of(result.Runs);
        return new("How often health was right", [Head(result, summaries), ByFault(result, summaries), ByOperation(result), Times(summaries, result), Wrong(summaries), Cannot()]);
    }

    private static ReportSection Head(Result result, IReadOnlyList<Summary> summaries)
    {
        var own = summaries.Where(IsOwn).ToList();
        var right = own.Count(summary => summary.Outcome == Outcome.Right);
        var late = own.Count(summary => summary.Outcome == Outcome.Late);
        var wrong = own.Count(summary => summary.Outcome == Outcome.Wrong);
        var invalid = own.Count(summary => summary.Outcome == Outcome.Invalid);
        var skipped = own.Count(summary => summary.Outcome == Outcome.Skipped);
        return new("Measured", [
            new ReportText($"Written by candor chaos on {Date(result.At)} at speed {Number(result.Speed)}, {Number(result.Rate)} requests a second, {Number(result.Repeat)} {(result.Repeat == 1 ? "run" : "runs")} each{(result.Isolated ? ", every pod in a network of its own" : string.Empty)}."),
            new ReportText($"{result.Machine}."),
            new ReportText(
                $"{Number(own.Count)} faults and situations: {Number(right)} right, {Number(late)} right but late or unsteady, {Number(wrong)} wrong{(invalid > 0 ? $", {Number(invalid)} invalid (the instrument could not keep up, or the fault had no effect; they count for nothing)" : string.Empty)}{(skipped > 0 ? $", {Number(skipped)} that cannot be made here" : string.Empty)}.",
                wrong > 0 ? Tone.Bad : Tone.Good),
        ]);
    }

    private static ReportSection ByFault(Result result, IReadOnlyList<Summary> summaries)
    {
        _ = summaries;
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (var (name, runs) in Systems(result))
        {
            var matrix = Matrix.Of(runs);
            rows.Add([name, Number(matrix.Found), Cell(matrix.Missed), Cell(matrix.WrongReasons), Number(matrix.Quiet), Cell(matrix.FalseAlarms)]);
        }

        return new("By fault", [
            new ReportText("A fault is found when an instance that had to say so did so while it lasted. A wrong reason is a fault that was found, and named as something else or not at all. A false alarm is a situation in which nothing was wrong, and health said that something was."),
            new ReportTable(null, ["health of", "faults found", "missed", "wrong reason", "quiet where nothing was", "false alarms"], rows),
        ]);
    }

    private static ReportSection ByOperation(Result result)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (var (name, runs) in Systems(result))
        {
            foreach (var operation in Operations.All)
            {
                var all = runs.Where(run => run.Counts).SelectMany(run => run.Operations).Where(one => one.Operation == operation).ToList();
                if (all.Count > 0)
                {
                    rows.Add([name, operation, Number(all.Sum(o => o.TruePositive)), Cell(all.Sum(o => o.FalseNegative)), Cell(all.Sum(o => o.FalsePositive)), Number(all.Sum(o => o.TrueNegative)), Number(all.Sum(o => o.WithinBound))]);
                }
            }
        }

        return new("By operation, in seconds", [
            new ReportText("Each second in which users asked for an operation: did at least 5 % of them fail, and did any instance say so? The seconds right after a fault and right after its repair, for which the catalogue gives a bound, are counted apart."),
            new ReportTable(null, ["health of", "operation", "failed and said", "failed, not said", "said, not failed", "neither", "within a bound"], rows),
        ]);
    }

    private static ReportSection Times(IReadOnlyList<Summary> summaries, Result result)
    {
        var rows = summaries.Select(summary => (IReadOnlyList<ReportCell>)
        [
            summary.Fault,
            Session.Name(summary.Service),
            Word(summary),
            Users(summary),
            Bounded(summary.Interval(run => run.FirstVerdict), summary, summary.Any.IsFault && summary.Any.Bounds.Verdict is not null, run => run.Bounds.Verdict),
            summary.Any.IsFault ? summary.Interval(run => run.FirstReason) : "–",
            Bounded(summary.Interval(run => run.Ejected, "not"), summary, true, run => run.Bounds.Ejection),
            Bounded(summary.Interval(run => run.HealthRecovered), summary, true, run => run.Bounds.Recovery),
            summary.Interval(run => run.UsersRecovered),
            summary.Interval(run => run.Flaps),
            summary.Interval(run => run.FalseSeconds),
        ]).ToList();
        return new("Every fault", [
            new ReportText($"Seconds as they passed, so at speed {Number(result.Speed)}; with more than one run the median, and the least and the most in brackets. The bound stands after the stroke."),
            new ReportTable(null, ["fault", "on", "", "users failed", "said / bound", "named", "ejected / bound", "health back / bound", "users back", "flaps", "false s"], rows),
        ]);
    }

    private static ReportSection Wrong(IReadOnlyList<Summary> summaries)
    {
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. summaries.Where(summary => summary.Findings.Count > 0).Select(summary => (IReadOnlyList<ReportCell>)
            [
                summary.Fault, Session.Name(summary.Service), Word(summary), string.Join(". ", summary.Findings), string.Join("; ", summary.Any.Said.Take(3)) is { Length: > 0 } said ? said : "–",
            ]),
        ];
        return new("What was not right", rows.Count == 0 ? [new ReportText("Nothing.", Tone.Good)] : [new ReportTable(null, ["fault", "on", "", "what", "health said"], rows)]);
    }

    private static ReportSection Cannot() => new("What this cannot show", [new ReportList([.. Limits.Select(limit => new ReportCell(limit))])]);

    internal static IEnumerable<(string Name, IReadOnlyList<FaultRun> Runs)> Systems(Result result)
    {
        var all = Summary.Of(result.Runs).SelectMany(summary => summary.Runs).ToList();
        yield return ("Candor", [.. all.Where(run => run.Service is ServiceKind.Orders or ServiceKind.Sample)]);
        foreach (var other in all.Where(run => run.Service is not (ServiceKind.Orders or ServiceKind.Sample)).GroupBy(run => run.Service))
        {
            var same = other.Select(run => run.Fault).ToHashSet(StringComparer.Ordinal);
            yield return ($"Candor, the same faults as {Session.Name(other.Key)}", [.. all.Where(run => run.Service is ServiceKind.Orders or ServiceKind.Sample && same.Contains(run.Fault))]);
            yield return (Session.Name(other.Key), [.. other]);
        }
    }

    private static bool IsOwn(Summary summary) => summary.Service is ServiceKind.Orders or ServiceKind.Sample;

    private static ReportCell Word(Summary summary) => summary.Outcome switch
    {
        Outcome.Right => new("right", Tone.Good),
        Outcome.Late => new("late or unsteady", Tone.Warning),
        Outcome.Wrong => new("wrong", Tone.Bad),
        Outcome.Invalid => new("invalid", Tone.Muted),
        _ => new("not made", Tone.Muted),
    };

    private static ReportCell Users(Summary summary)
    {
        var parts = Operations.All.Select(operation => (operation, share: summary.FailedShare(operation))).Where(one => one.share >= 0.005)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.operation} {one.share:P0}"));
        return string.Join(", ", parts) is { Length: > 0 } text ? text : ReportCell.Nothing;
    }

    private static ReportCell Bounded(string measured, Summary summary, bool applies, Func<FaultRun, double?> bound) =>
        !applies || measured == "–" ? measured == "never" ? "–" : measured
        : bound(summary.Any) is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{measured} / {seconds:0.0}")
        : measured;

    private static ReportCell Cell(int count) => count == 0 ? new("0", Tone.Good) : new(Number(count), Tone.Bad);

    private static string Date(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
