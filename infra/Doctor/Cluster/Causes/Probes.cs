using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>What several causes read of probes.</summary>
internal static class Probes
{
    /// <summary>The probes that fail now or did a moment ago, the one that keeps the pod from being ready first.</summary>
    internal static IEnumerable<ProbeFacts> Failing(PodView view)
    {
        if (view.Main is not { } main)
        {
            yield break;
        }

        if (view.FailingProbe is { } first)
        {
            yield return first;
        }

        foreach (var probe in new[] { main.Startup, main.Readiness, main.Liveness }.OfType<ProbeFacts>())
        {
            // A start-up probe that failed at first and then passed is as it should be; the same port and path may be named thrice.
            var counts = probe.Kind == "startup" ? !main.Started : main.Started || main.Restarts > 0;
            if (probe != view.FailingProbe && counts && view.Failures(probe).Sum(one => one.Count) >= 2)
            {
                yield return probe;
            }
        }
    }

    internal static bool IsRefused(PodView view) =>
        view.FailingProbe is { } probe && view.Failures(probe).Any(one => one.Message.Contains("refused", StringComparison.Ordinal));

    internal static Evidence? Refusal(PodView view) =>
        view.Answers.FirstOrDefault(answer => answer.IsRefused) is { } refused
            ? new Evidence(string.Join("; ", view.Answers.Where(answer => answer.IsRefused)
                .Select(answer => string.Create(CultureInfo.InvariantCulture, $":{answer.Port} refused")).Distinct()), refused.Source)
            : view.FailingProbe is { } probe ? Event(view, probe) : null;

    internal static Evidence? Event(PodView view, ProbeFacts probe) =>
        view.Failures(probe).MaxBy(one => one.Last) is { } last
            ? new Evidence(string.Create(CultureInfo.InvariantCulture, $"{last.Count} times: {last.Message}"),
                $"event {last.Reason} of pod {view.Pod.Name}", last.Last)
            : null;
}

/// <summary>A probe is answered, and not with what it wants.</summary>
internal sealed partial class ProbeAnswer : PodCause
{
    internal override string Id => "probe-status";

    internal override IReadOnlyList<string> Needs => ["events"];

    internal override Match? Match(PodView view)
    {
        foreach (var probe in Probes.Failing(view))
        {
            if (view.Failures(probe).OrderByDescending(one => one.Last).Select(one => Explain(view, probe, one))
                .FirstOrDefault(found => found is not null) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    private Match? Explain(PodView view, ProbeFacts probe, EventFacts failure)
    {
        var seen = Probes.Event(view, probe);
        var field = new Evidence($"{probe.Scheme} {view.Asked(probe)}", view.Field($"{probe.Kind}Probe.{probe.Handler}"));
        if (failure.Message.Contains("HTTP response to HTTPS client", StringComparison.Ordinal))
        {
            return new(Finding(view, PathStep.Endpoint,
                $"The {probe.Kind} probe of {{who}} asks over HTTPS, and the app speaks plain HTTP on port {view.Number(probe)}.",
                $"Set {probe.Kind}Probe.httpGet.scheme to HTTP.", field, seen) with
            { Cause = "probe-https-to-http" });
        }

        if (failure.Message.Contains("malformed HTTP", StringComparison.Ordinal))
        {
            return new(Finding(view, PathStep.Endpoint,
                $"Port {view.Number(probe)} of {{who}} speaks no HTTP/1.1 (TLS, or HTTP/2 only), and the {probe.Kind} probe asks over it.",
                "Set the probe's scheme to HTTPS, or probe the HTTP port.", field, seen) with
            { Cause = "probe-protocol" });
        }

        if (failure.Reason == "ProbeWarning" && failure.Message.Contains("redirect", StringComparison.OrdinalIgnoreCase))
        {
            return new(Finding(view, PathStep.Endpoint,
                $"The {probe.Kind} probe of {{who}} is redirected away from {view.Asked(probe)}: "
                + $"{SafeText.Short(SafeText.Of(failure.Message), 160)}", "Except the health path from the redirect.", field, seen)
                with
            { Fault = "F107", Cause = "redirect" });
        }

        if (!StatusCode().Match(failure.Message).Groups[1].Success
            || !int.TryParse(StatusCode().Match(failure.Message).Groups[1].Value, out var status))
        {
            return probe.Handler == "exec" && view.FailingProbe == probe
                ? new(Finding(view, PathStep.Answer,
                    $"The command of the {probe.Kind} probe of {{who}} fails: {SafeText.Short(SafeText.Of(failure.Message), 200)}",
                    "Run the command in the container and see.", seen) with
                { Cause = "probe-command" })
                : null;
        }

        return status switch
        {
            404 or 405 or 410 => new(WrongPath(view, probe, status, field, seen)),
            401 or 403 or 407 =>
                new(Finding(view, PathStep.Endpoint,
                $"The {probe.Kind} probe of {{who}} asks {view.Asked(probe)} and gets {status}: the path wants a login, and probers have "
                + $"none.", "Allow the health path without authentication.", field, seen)
                with
                { Fault = "F107", Cause = "authentication" }),
            400 or 421 =>
                new(Finding(view, PathStep.Endpoint,
                $"The {probe.Kind} probe of {{who}} asks {view.Asked(probe)} and gets {status}: a host filter, or TLS on that port.",
                "Let the health path pass the host filter (ASP.NET: AllowedHosts), or set the probe's scheme to HTTPS.", field, seen)
                with
                { Fault = "F107", Cause = "host-filter", Confidence = Confidence.Likely }),
            >= 300 and < 400 =>
                new(Finding(view, PathStep.Endpoint,
                $"The {probe.Kind} probe of {{who}} asks {view.Asked(probe)} and is redirected ({status}).",
                "Except the health path from the redirect.", field, seen) with
                { Fault = "F107", Cause = "redirect" }),
            _ => null,
        };
    }

    private Finding WrongPath(PodView view, ProbeFacts probe, int status, Evidence field, Evidence? seen)
    {
        var right = view.Workload.Path(probe.Kind);
        var served = view.Answers.FirstOrDefault(answer => answer.Status is not (null or 404) && answer.Path != probe.Path
            && answer.Path != "/drain");
        var known = right is not null && right != probe.Path
            ? $"; the contract's {probe.Kind} path is "
            + $"{right}{(served is not null && served.Path == right ? string.Create(CultureInfo.InvariantCulture, $", which answers {served.Status}") : string.Empty)}"
            : served is not null ? string.Create(CultureInfo.InvariantCulture, $"; {served.Path} answers {served.Status}") : string.Empty;
        var path = right is not null && right != probe.Path ? right : served?.Path;
        return Finding(
            view, PathStep.Endpoint,
            $"The {probe.Kind} probe of {{who}} asks {probe.Path} and gets {status}{known}.",
            path is null ? "Correct the path: the app's routes say what it serves."
                : $"Correct the path: {probe.Kind}Probe.httpGet.path {path}.",
            field,
            right is null ? null : new Evidence($"paths.{probe.Kind} {right}", $"contract in {view.Workload.ContractSource}"),
            served is null ? null : new Evidence(string.Create(CultureInfo.InvariantCulture, $"{served.Path} answers {served.Status}"),
                served.Source),
            seen) with
        {
            Fault = "F104",
            Cause = "probe-wrong-path",
            Commands = path is null ? [] : [$"-   {probe.Kind}Probe: path {probe.Path}", $"+   {probe.Kind}Probe: path {path}"],
        };
    }

    [GeneratedRegex(@"statuscode: (\d{3})")]
    private static partial Regex StatusCode();
}

/// <summary>A prober does not wait for as long as health may take.</summary>
internal sealed class ProbeTimeout : PodCause
{
    internal override string Id => "probe-timeout";

    internal override IReadOnlyList<string> Needs => ["events"];

    internal override Match? Match(PodView view)
    {
        foreach (var probe in Probes.Failing(view))
        {
            if (view.Failures(probe).FirstOrDefault(Frozen.IsTimeout) is not { } late)
            {
                continue;
            }

            var budget = view.ContractTime("budget", "deadline");
            var agreed = view.ContractTime(probe.Kind, "timeout");
            var slow = view.Log.Current.Where(line => line.Message.Contains("timed out", StringComparison.Ordinal)
                || line.Message.Contains("dependency down", StringComparison.Ordinal)).TakeLast(1).FirstOrDefault();
            var measured = view.Public?.Time;
            var near = view.Pod.IsReady;
            var about = budget is not null && probe.Timeout <= budget
                ? $", and health may take {PodView.Text(budget.Value)} "
                + $"(budget.deadline){(agreed is not null && agreed != probe.Timeout ? $"; the contract says {PodView.Text(agreed.Value)}" : string.Empty)}" : measured > probe.Timeout ? $", and the answer takes {PodView.Text(measured.Value)}" : string.Empty;
            return new(Finding(
                view, PathStep.Answer,
                $"The {probe.Kind} probe of {{who}} waits {PodView.Text(probe.Timeout)}{about}: it timed out {late.Count} times within "
                    + $"{PodView.Text(view.Age(late.First) + TimeSpan.FromSeconds(1))}"
                        + $"{(near ? "; the pods are still ready" : string.Empty)}.",
                budget is not null && probe.Timeout <= budget
                    ? $"Set {probe.Kind}Probe.timeoutSeconds above the "
                    + $"budget{(agreed is null ? string.Empty : $": {PodView.Text(agreed.Value)}, as the contract has it")}." : "Find what makes health slow (see the log), give the pods more CPU, or make the probe's timeout longer.",
                new Evidence(string.Create(CultureInfo.InvariantCulture, $"{late.Count} times: {late.Message}"),
                    $"event Unhealthy of pod {view.Pod.Name}", late.Last),
                new Evidence($"timeoutSeconds {PodView.Text(probe.Timeout)}", view.Field($"{probe.Kind}Probe")),
                budget is null ? null : new Evidence($"budget.deadline {PodView.Text(budget.Value)}",
                    $"contract in {view.Workload.ContractSource}"),
                slow is null ? null : new Evidence(slow.Message, $"kubectl logs {view.Pod.Name}", slow.At),
                measured is null ? null : new Evidence($"answered after {PodView.Text(measured.Value)} just now", view.Public!.Source)) with
            {
                Fault = "F105",
                Severity = near ? Severity.Warning : Severity.Fault,
                Symptoms = [.. view.Health?.Health.Checks.Select(check => $"{{who}}: check {check.Text}") ?? []],
            });
        }

        return null;
    }
}
