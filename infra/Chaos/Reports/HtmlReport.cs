using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Running;

namespace Candor.Chaos.Reports;

/// <summary>The result as one page that needs nothing else: no script that loads, no font, no picture from elsewhere.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ground:#f6f7f9; --card:#fff; --text:#1d2430; --soft:#5b6675; --line:#dde2e8; --good:#1a7f4b; --goodbg:#d9f2e4; --warn:#9a6100; --warnbg:#fdeccb;
          --bad:#b42318; --badbg:#fde3e0; --mute:#7a8594; --mutebg:#e8ebef; --u0:#bfe3cf; --u1:#f5d489; --u2:#ef9a52; --u3:#d6453d; --idle:#cfd6de; --wait:#9db4d6; --fault:#7f56d9 }
        @media (prefers-color-scheme: dark) { :root { --ground:#12161c; --card:#1a2029; --text:#e6eaf0; --soft:#9aa6b5; --line:#2b333f; --good:#5cc98f; --goodbg:#15382a; --warn:#e8b04b; --warnbg:#3d2f12;
          --bad:#ff8a80; --badbg:#45201d; --mute:#98a3b1; --mutebg:#2a323d; --u0:#235c40; --u1:#8a6a1d; --u2:#b5622a; --u3:#d2443c; --idle:#39434f; --wait:#41597d; --fault:#9e7bf0 } }
        * { box-sizing: border-box } body { margin:0; background:var(--ground); color:var(--text); font:15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
        main { max-width:1120px; margin:0 auto; padding:32px 20px 80px } h1 { font-size:28px; margin:0 0 4px; letter-spacing:-.01em } h2 { font-size:19px; margin:40px 0 12px }
        .soft { color:var(--soft) } .small { font-size:13px } a { color:inherit }
        .cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:12px; margin:24px 0 }
        .card { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:14px 16px } .card b { display:block; font-size:28px; line-height:1.15; font-variant-numeric:tabular-nums }
        .card.good b { color:var(--good) } .card.warn b { color:var(--warn) } .card.bad b { color:var(--bad) } .card.mute b { color:var(--mute) }
        .wide { overflow-x:auto; background:var(--card); border:1px solid var(--line); border-radius:10px }
        table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums } th, td { padding:7px 12px; text-align:left; border-bottom:1px solid var(--line); vertical-align:top } tr:last-child td { border-bottom:0 }
        th { font-size:12.5px; font-weight:600; color:var(--soft); white-space:nowrap } td.n, th.n { text-align:right } td.zero { color:var(--soft) } td.hit { color:var(--bad); font-weight:600 }
        .chip { display:inline-block; padding:1px 9px; border-radius:99px; font-size:12.5px; font-weight:600; white-space:nowrap } .chip.right { background:var(--goodbg); color:var(--good) } .chip.late { background:var(--warnbg); color:var(--warn) }
        .chip.wrong { background:var(--badbg); color:var(--bad) } .chip.invalid, .chip.skipped { background:var(--mutebg); color:var(--mute) }
        article { background:var(--card); border:1px solid var(--line); border-radius:12px; padding:16px 18px 12px; margin:14px 0; scroll-margin-top:12px } article header { display:flex; gap:10px; align-items:baseline; flex-wrap:wrap }
        article h3 { margin:0; font-size:16px } article p { margin:4px 0 } article .facts { display:flex; gap:6px 22px; flex-wrap:wrap; margin:8px 0 2px; font-size:13.5px } .facts span b { font-variant-numeric:tabular-nums }
        ul.findings { margin:6px 0; padding-left:18px } ul.findings li { margin:2px 0 } li.bad::marker { color:var(--bad) } li.warn::marker { color:var(--warn) }
        svg { width:100%; height:auto; display:block; margin-top:8px } svg text { font:11.5px system-ui, sans-serif; fill:var(--soft) } svg text.in { fill:var(--text); font-size:11px; pointer-events:none } svg text.edge { fill:var(--fault); font-weight:600 }
        .fault { fill:var(--fault); fill-opacity:.10; stroke:var(--fault); stroke-opacity:.45 } .bound { stroke:var(--fault); stroke-width:1.5; stroke-dasharray:3 3 } .axis { stroke:var(--line) }
        .u0 { fill:var(--u0) } .u1 { fill:var(--u1) } .u2 { fill:var(--u2) } .u3 { fill:var(--u3) }
        .pReady { fill:var(--u0) } .pDegraded { fill:var(--u1) } .pNotReady { fill:var(--u3) } .pNotReady + text.in { fill:#fff } .pStarting, .pDraining { fill:var(--wait) } .pSilent { fill:var(--idle) }
        .tHealthy { fill:var(--u0) } .tUnhealthy { fill:var(--u3) } .tInitial, .tDraining { fill:var(--wait) }
        .legend { display:flex; gap:6px 18px; flex-wrap:wrap; font-size:13px; color:var(--soft); margin:6px 0 0 } .legend i { display:inline-block; width:13px; height:13px; border-radius:3px; margin-right:6px; vertical-align:-2px }
        button.replay { font:inherit; font-size:13.5px; border:1px solid var(--line); background:var(--card); color:var(--text); border-radius:99px; padding:3px 13px; cursor:pointer }
        nav { display:flex; gap:8px; flex-wrap:wrap; margin:10px 0 } nav button { font:inherit; font-size:13.5px; border:1px solid var(--line); background:var(--card); color:var(--text); border-radius:99px; padding:3px 13px; cursor:pointer } nav button.on { background:var(--text); color:var(--ground) }
        @media (max-width:600px) { article svg { min-width:720px } article .scroll { overflow-x:auto } }
        """;

    private const string Script = """
        const player = document.getElementById('player');
        for (const button of document.querySelectorAll('button.replay')) button.onclick = async () => {
          const packed = Uint8Array.from(atob(player.textContent), character => character.charCodeAt(0));
          const page = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
          open(URL.createObjectURL(new Blob([page], { type: 'text/html' })) + '#run=' + button.dataset.run);
        };
        for (const button of document.querySelectorAll('nav button')) button.onclick = () => {
          document.querySelectorAll('nav button').forEach(b => b.classList.toggle('on', b === button));
          for (const one of document.querySelectorAll('article')) one.hidden = button.dataset.show !== 'all' && !one.classList.contains(button.dataset.show);
        };
        """;

    /// <summary>The page.</summary>
    public static string Write(Result result)
    {
        var summaries = Summary.Of(result.Runs);
        var own = summaries.Where(s => s.Service is ServiceKind.Orders or ServiceKind.Sample).ToList();
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Chaos: how often health was right</title>\n<style>")
            .Append(Style).Append("</style></head>\n<body><main>\n<h1>How often health was right</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{result.At.ToUniversalTime():yyyy-MM-dd HH:mm} UTC · speed {result.Speed:0.##} · {result.Rate:0.##} requests a second · {result.Repeat} {(result.Repeat == 1 ? "run" : "runs")} each<br><span class=\"small\">{E(result.Machine.ToString())}</span></p>\n");
        Cards(html, own);
        html.Append("<h2>By fault</h2>\n");
        MatrixTable(html, result);
        html.Append("<h2>By operation, in seconds</h2>\n");
        OperationTable(html, result);
        html.Append("<h2>Every fault over time</h2>\n");
        Legend(html);
        html.Append("<nav><button class=\"on\" data-show=\"all\">all</button><button data-show=\"wrong\">wrong</button><button data-show=\"late\">late</button><button data-show=\"right\">right</button><button data-show=\"invalid\">invalid</button><button data-show=\"other\">other services</button></nav>\n");
        var recorded = RunRecording.Recorded(result);
        foreach (var summary in summaries)
        {
            Article(html, summary, recorded);
        }

        html.Append("<h2>What this cannot show</h2>\n<ul class=\"soft\">");
        foreach (var limit in ChaosReport.Limits)
        {
            html.Append("<li>").Append(E(limit)).Append("</li>");
        }

        html.Append("</ul>\n</main>\n");
        if (RunRecording.Write(result) is { } player)
        {
            html.Append("<script type=\"application/octet-stream\" id=\"player\">").Append(Packed(player)).Append("</script>\n");
        }

        return html.Append("<script>").Append(Script).Append("</script>\n</body></html>\n").ToString();
    }

    private static void Cards(StringBuilder html, List<Summary> own)
    {
        html.Append("<div class=\"cards\">");
        Card("good", own.Count(s => s.Outcome == Outcome.Right), "right");
        Card("warn", own.Count(s => s.Outcome == Outcome.Late), "late or unsteady");
        Card("bad", own.Count(s => s.Outcome == Outcome.Wrong), "wrong");
        Card("mute", own.Count(s => s.Outcome is Outcome.Invalid), "invalid");
        Card("mute", own.Count(s => s.Outcome is Outcome.Skipped), "not made here");
        html.Append("</div>\n");

        void Card(string kind, int count, string text)
        {
            if (count > 0 || kind != "mute")
            {
                html.Append(CultureInfo.InvariantCulture, $"<div class=\"card {(count == 0 ? "mute" : kind)}\"><b>{count}</b>{text}</div>");
            }
        }
    }

    private static void MatrixTable(StringBuilder html, Result result)
    {
        html.Append("<div class=\"wide\"><table><tr><th>health of</th><th class=\"n\">faults found</th><th class=\"n\">missed</th><th class=\"n\">wrong reason</th><th class=\"n\">quiet where nothing was</th><th class=\"n\">false alarms</th></tr>");
        foreach (var (name, runs) in Systems(result))
        {
            var matrix = Matrix.Of(runs);
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(name)}</td><td class=\"n\">{matrix.Found}</td>{Bad(matrix.Missed)}{Bad(matrix.WrongReasons)}<td class=\"n\">{matrix.Quiet}</td>{Bad(matrix.FalseAlarms)}</tr>");
        }

        html.Append("</table></div>\n");
    }

    private static void OperationTable(StringBuilder html, Result result)
    {
        html.Append("<p class=\"soft small\">A second in which at least 5 % of an operation’s users failed, against whether any instance said so. What lies within a bound of the catalogue is counted apart.</p>\n");
        html.Append("<div class=\"wide\"><table><tr><th>health of</th><th>operation</th><th class=\"n\">failed and said</th><th class=\"n\">failed, not said</th><th class=\"n\">said, not failed</th><th class=\"n\">neither</th><th class=\"n\">within a bound</th></tr>");
        foreach (var (name, runs) in Systems(result))
        {
            foreach (var operation in Operations.All)
            {
                var all = runs.Where(run => run.Counts).SelectMany(run => run.Operations).Where(one => one.Operation == operation).ToList();
                if (all.Count > 0)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<tr><td>{E(name)}</td><td>{operation}</td><td class=\"n\">{all.Sum(o => o.TruePositive)}</td>{Bad(all.Sum(o => o.FalseNegative))}{Bad(all.Sum(o => o.FalsePositive))}<td class=\"n\">{all.Sum(o => o.TrueNegative)}</td><td class=\"n zero\">{all.Sum(o => o.WithinBound)}</td></tr>");
                }
            }
        }

        html.Append("</table></div>\n");
    }

    private static void Legend(StringBuilder html) => html.Append(
        """
        <p class="soft small">The upper lanes are users, one an operation. Below, each instance: what it said, and under it, thin, what the balancer made of it. The shaded time is the fault; dashed lines are the bounds. Hover for the words.</p>
        <div class="legend"><span><i style="background:var(--u0)"></i>served, ready, healthy</span><span><i style="background:var(--u1)"></i>under 10 % failed, degraded</span><span><i style="background:var(--u2)"></i>under half failed</span><span><i style="background:var(--u3)"></i>more failed, not ready, unhealthy</span><span><i style="background:var(--wait)"></i>starting, draining</span><span><i style="background:var(--idle)"></i>no answer</span></div>

        """);

    private static void Article(StringBuilder html, Summary summary, IReadOnlyList<FaultRun> recorded)
    {
        var kind = summary.Outcome.ToString().ToLowerInvariant();
        var other = summary.Service is ServiceKind.BuiltIn or ServiceKind.Flask;
        // The worst of the repetitions is the one to look at.
        var run = summary.Counting.MaxBy(one => one.Outcome) ?? summary.Runs[^1];
        html.Append(CultureInfo.InvariantCulture, $"<article class=\"{kind}{(other ? " other" : string.Empty)}\" id=\"{E(Id(summary))}\"><header><h3>{E(summary.Fault)}</h3><span class=\"chip {kind}\">{Words(summary.Outcome)}</span>");
        html.Append(CultureInfo.InvariantCulture, $"<span class=\"soft small\">{E(Session.Name(summary.Service))}{(summary.Runs.Count > 1 ? $" · {summary.Counting.Count} of {summary.Runs.Count} runs count" : string.Empty)}</span></header>\n<p>{E(run.Title)}</p>\n");
        Facts(html, summary, run);
        if (summary.Findings.Count > 0)
        {
            html.Append("<ul class=\"findings\">");
            foreach (var finding in summary.Findings)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li class=\"{(summary.Outcome == Outcome.Wrong ? "bad" : "warn")}\">{E(finding)}</li>");
            }

            html.Append("</ul>");
        }

        html.Append("<div class=\"scroll\">").Append(TimelineSvg.Draw(run)).Append("</div>");
        if (Index(recorded, run) is >= 0 and var index)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><button type=\"button\" class=\"replay\" data-run=\"{index}\">Replay in the status page</button></p>");
        }

        if (run.Said.Count > 0)
        {
            html.Append("<p class=\"soft small\">It said: ").Append(E(string.Join(" · ", run.Said.Take(6)))).Append("</p>");
        }

        html.Append("</article>\n");
    }

    private static void Facts(StringBuilder html, Summary summary, FaultRun run)
    {
        if (summary.Counting.Count == 0)
        {
            return;
        }

        html.Append("<div class=\"facts\">");
        if (run.IsFault && run.Bounds.Verdict is not null && run.FirstVerdict is not null)
        {
            Fact("said after", Bound(summary.Interval(one => one.FirstVerdict), run.Bounds.Verdict));
            Fact("cause named after", summary.Interval(one => one.FirstReason));
        }

        if (run.Ejected is not null || run.Bounds.Ejection is not null)
        {
            Fact("taken out after", Bound(summary.Interval(one => one.Ejected, "not"), run.Bounds.Ejection));
        }

        Fact("health back after", Bound(summary.Interval(one => one.HealthRecovered), run.Bounds.Recovery));
        Fact("users back after", summary.Interval(one => one.UsersRecovered));
        if (summary.Counting.Any(one => one.Flaps > 0))
        {
            Fact("flaps", summary.Interval(one => one.Flaps), unit: string.Empty);
        }

        if (summary.Counting.Any(one => one.FalseSeconds > 0))
        {
            Fact("false for", summary.Interval(one => one.FalseSeconds));
        }

        foreach (var operation in Operations.All)
        {
            if (summary.FailedShare(operation) is >= 0.005 and { } share)
            {
                Fact(operation, string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} % failed"), unit: string.Empty);
            }
        }

        if (run.Orders is { } orders)
        {
            Fact("orders", orders, unit: string.Empty);
        }

        html.Append("</div>\n");

        void Fact(string name, string value, string unit = " s") =>
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"soft\">{E(name)} <b style=\"color:var(--text)\">{E(value)}{(value.Length > 0 && char.IsDigit(value[^1]) ? unit : string.Empty)}</b></span>");
    }

    private static int Index(IReadOnlyList<FaultRun> recorded, FaultRun run)
    {
        for (var index = 0; index < recorded.Count; index++)
        {
            if (ReferenceEquals(recorded[index], run))
            {
                return index;
            }
        }

        return -1;
    }

    private static string Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static string Bound(string value, double? bound) => bound is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{value} of {seconds:0.0}") : value;

    private static IEnumerable<(string Name, IReadOnlyList<FaultRun> Runs)> Systems(Result result) => ChaosReport.Systems(result);

    private static string Bad(int count) => string.Create(CultureInfo.InvariantCulture, $"<td class=\"n {(count == 0 ? "zero" : "hit")}\">{count}</td>");

    private static string Id(Summary summary) => $"{summary.Fault.Replace('/', '-')}-{summary.Service.ToString().ToLowerInvariant()}";

    private static string Words(Outcome outcome) => outcome switch
    {
        Outcome.Late => "late or unsteady",
        Outcome.Skipped => "not made",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
