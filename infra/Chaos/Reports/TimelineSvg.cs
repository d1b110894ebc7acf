using System.Globalization;
using System.Net;
using System.Text;
using Candor.Chaos.Judging;

namespace Candor.Chaos.Reports;

/// <summary>One run as a picture: what users got, what each instance said, what the balancer made of it, and the bounds over it.</summary>
internal static class TimelineSvg
{
    private const int Width = 1000;
    private const int Left = 150;
    private const int Right = 12;
    private const int Top = 30;
    private const int Lane = 20;
    private const int Thin = 9;
    private const int Gap = 10;
    private const int Axis = 28;

    public static string Draw(FaultRun run)
    {
        if (run.Timeline is not { } timeline || timeline.Length <= 0)
        {
            return string.Empty;
        }

        var body = new StringBuilder();
        var x = new Scale(timeline.Length);
        var y = Top;
        var pods = timeline.Pods.Keys.Union(timeline.Targets.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        // Lanes first, to know how high the picture is; the fault's own time lies behind them.
        foreach (var (operation, bins) in timeline.Users)
        {
            Label(body, operation, y + 14);
            Users(body, bins, timeline.BinSeconds, x, y, operation);
            y += Lane;
        }

        y += Gap;
        for (var i = 0; i < pods.Count; i++)
        {
            var pod = pods[i];
            Label(body, Short(pod, pods), y + 14, pod);
            foreach (var span in timeline.Pods.GetValueOrDefault(pod, []))
            {
                Span(body, span, x, y, Lane - 3, $"p{span.State}", $"{pod}: {Words(span.State)}");
            }

            y += Lane - 2;
            foreach (var span in timeline.Targets.GetValueOrDefault(pod, []))
            {
                Span(body, span, x, y, Thin - 3, $"t{span.State}", $"balancer, {pod}: {span.State.ToLowerInvariant()}");
            }

            y += Thin + 3;
        }

        var bottom = y;
        var behind = new StringBuilder();
        behind.Append(CultureInfo.InvariantCulture, $"<rect class=\"fault\" x=\"{x.At(timeline.InjectedAt):0.#}\" y=\"{Top - 6}\" width=\"{Math.Max(2, x.At(timeline.UndoneAt) - x.At(timeline.InjectedAt)):0.#}\" height=\"{bottom - Top + 6}\"/>");
        behind.Append(CultureInfo.InvariantCulture, $"<text class=\"edge\" x=\"{x.At(timeline.InjectedAt):0.#}\" y=\"{Top - 12}\">{(run.IsFault ? "fault" : "situation")}</text>");
        if (timeline.UndoneAt - timeline.InjectedAt > timeline.Length * 0.08)
        {
            behind.Append(CultureInfo.InvariantCulture, $"<text class=\"edge\" x=\"{x.At(timeline.UndoneAt):0.#}\" y=\"{Top - 12}\" text-anchor=\"end\">repair</text>");
        }

        Bound(body, run.Bounds.Verdict, timeline.InjectedAt, "to be said by", x, bottom, timeline.Length);
        Bound(body, run.Bounds.Ejection, timeline.InjectedAt, "to be taken out by", x, bottom, timeline.Length);
        Bound(body, run.Bounds.Recovery, timeline.UndoneAt, "to be as before by", x, bottom, timeline.Length);
        AxisOf(body, timeline, x, bottom);
        return $"<svg viewBox=\"0 0 {Width} {bottom + Axis}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(run.Fault)} over time\">{behind}{body}</svg>";
    }

    private static void Users(StringBuilder body, IReadOnlyList<double> bins, double seconds, Scale x, int y, string operation)
    {
        // Bins of one colour are one bar.
        for (var i = 0; i < bins.Count;)
        {
            var j = i;
            while (j < bins.Count && Class(bins[j]) == Class(bins[i]))
            {
                j++;
            }

            if (bins[i] >= 0)
            {
                var worst = bins.Skip(i).Take(j - i).Max();
                body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{Class(bins[i])}\" x=\"{x.At(i * seconds):0.#}\" y=\"{y}\" width=\"{Math.Max(1, x.At(j * seconds) - x.At(i * seconds)):0.#}\" height=\"{Lane - 4}\">")
                    .Append(CultureInfo.InvariantCulture, $"<title>{operation}: {(worst == 0 ? "served" : $"up to {worst * 100:0} % failed")}</title></rect>");
            }

            i = j;
        }
    }

    private static string Class(double share) => share < 0 ? "u" : share == 0 ? "u0" : share < 0.1 ? "u1" : share < 0.5 ? "u2" : "u3";

    private static void Span(StringBuilder body, Span span, Scale x, int y, int height, string kind, string title)
    {
        var width = Math.Max(1, x.At(span.To) - x.At(span.From));
        body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{x.At(span.From):0.#}\" y=\"{y}\" width=\"{width:0.#}\" height=\"{height}\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)} from {span.From:0.0} s to {span.To:0.0} s{WebUtility.HtmlEncode(span.Reasons.Length > 0 ? "\n" + span.Reasons : string.Empty)}</title></rect>");

        // About 6 px a letter; what does not fit is in the title.
        var text = span.Reasons.Split('\n')[0];
        var room = (int)((width - 8) / 6);
        if (text.Length > 0 && room > 8)
        {
            body.Append(CultureInfo.InvariantCulture, $"<text class=\"in\" x=\"{x.At(span.From) + 4:0.#}\" y=\"{y + 12}\">{WebUtility.HtmlEncode(text.Length > room ? text[..(room - 1)] + "…" : text)}</text>");
        }
    }

    private static void Bound(StringBuilder body, double? bound, double from, string title, Scale x, int bottom, double length)
    {
        if (bound is { } seconds && from + seconds <= length)
        {
            var at = x.At(from + seconds);
            body.Append(CultureInfo.InvariantCulture, $"<line class=\"bound\" x1=\"{at:0.#}\" y1=\"{Top - 6}\" x2=\"{at:0.#}\" y2=\"{bottom}\"><title>{title} {seconds:0.0} s</title></line>");
        }
    }

    private static void AxisOf(StringBuilder body, RunTimeline timeline, Scale x, int bottom)
    {
        var step = new[] { 1.0, 2, 5, 10, 20, 60 }.First(s => timeline.Length / s <= 18 || s == 60);
        body.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Left}\" y1=\"{bottom + 3}\" x2=\"{Width - Right}\" y2=\"{bottom + 3}\"/>");
        for (var t = timeline.InjectedAt - (Math.Floor(timeline.InjectedAt / step) * step); t <= timeline.Length; t += step)
        {
            body.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{x.At(t):0.#}\" y1=\"{bottom + 3}\" x2=\"{x.At(t):0.#}\" y2=\"{bottom + 7}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x.At(t):0.#}\" y=\"{bottom + 20}\" text-anchor=\"middle\">{t - timeline.InjectedAt:0} s</text>");
        }
    }

    private static void Label(StringBuilder body, string text, int y, string? title = null) =>
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 10}\" y=\"{y}\" text-anchor=\"end\">{WebUtility.HtmlEncode(text)}{(title is null ? string.Empty : $"<title>{WebUtility.HtmlEncode(title)}</title>")}</text>");

    /// <summary>Pods are told apart by the end of their names.</summary>
    private static string Short(string pod, List<string> pods) => pods.Count == 1 || pod.Length <= 20 ? pod : "…" + pod[^17..];

    private static string Words(string state) => state switch
    {
        "NotReady" => "not ready",
        _ => state.ToLowerInvariant(),
    };

    /// <summary>Seconds to pixels.</summary>
    private readonly record struct Scale(double Length)
    {
        public double At(double seconds) => Left + (Math.Clamp(seconds / Length, 0, 1) * (Width - Left - Right));
    }
}
