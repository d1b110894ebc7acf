using System.Globalization;
using System.Text.Json.Nodes;
using Candor.Chaos.Judging;
using Candor.Chaos.Running;
using Candor.Local;

namespace Candor.Chaos.Reports;

/// <summary>Measured faults as recorded runs of the status page, a run each.</summary>
internal static class RunRecording
{
    private const string Balancer = "balancer";
    private const string Health = "health";

    /// <summary>The page with every run that has a timeline, or null when none has.</summary>
    public static string? Write(Result result)
    {
        var runs = Recorded(result).Select(run => (JsonNode)Of(run, result)).ToArray();
        return runs.Length == 0 ? null : PageReplay.Write(new() { ["runs"] = new JsonArray(runs) });
    }

    /// <summary>Those that are in the page, in its order.</summary>
    public static IReadOnlyList<FaultRun> Recorded(Result result) => [.. result.Runs.Where(run => run.Timeline is { Pods.Count: > 0 })];

    private static JsonObject Of(FaultRun run, Result result)
    {
        var timeline = run.Timeline!;
        var origin = run.At - TimeSpan.FromSeconds(timeline.Length);
        var id = string.Create(CultureInfo.InvariantCulture, $"{run.Fault}-{run.Service}-{run.Repetition}");
        var frames = new JsonArray();
        for (var second = 0; second <= Math.Ceiling(timeline.Length); second++)
        {
            var (from, to) = (second == 0 ? double.MinValue : second - 1, (double)second);
            var frame = new JsonObject { ["run"] = id, ["now"] = Milliseconds(origin, second) };
            if (second == 0)
            {
                frame["hello"] = true;
                frame["facts"] = Facts(run);
            }

            frame["present"] = Present(run, result, origin, second);
            frame["marks"] = Marks(timeline, origin, from, to);
            frame["events"] = Events(run, origin, from, to);
            frame["samples"] = Samples(timeline, result.Rate, origin, second);
            frames.Add((JsonNode)frame);
        }

        return new()
        {
            ["title"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Fault} on {Session.Name(run.Service)}{(result.Repeat > 1 ? $", {run.Repetition}" : string.Empty)}: {run.Outcome.ToString().ToLowerInvariant()}"),
            ["note"] = string.Join(" ", [run.Title, .. run.Findings.Select(finding => finding.Text)]),
            ["frames"] = frames,
        };
    }

    /// <summary>What was promised: bounds of the catalogue and the contract, at the run's speed.</summary>
    private static JsonObject Facts(FaultRun run)
    {
        var rows = new JsonArray();
        foreach (var (key, title, worst) in new[]
        {
            ("balancerNoticesFailure", "The balancer takes the instance out", run.Bounds.Ejection),
            ("healthSays", "Health says so", run.Bounds.Verdict),
            ("healthRecovers", "Health is back after the repair", run.Bounds.Recovery),
        })
        {
            if (worst is { } seconds)
            {
                rows.Add((JsonNode)new JsonObject { ["key"] = key, ["title"] = title, ["best"] = 0, ["worst"] = seconds });
            }
        }

        return new() { ["timeline"] = rows, ["targetGroups"] = new JsonArray(), ["workloads"] = new JsonArray(), ["services"] = new JsonArray() };
    }

    private static JsonObject Present(FaultRun run, Result result, DateTimeOffset origin, double at)
    {
        var timeline = run.Timeline!;
        var (pods, verdicts, targets, healthy) = (new JsonArray(), new JsonObject(), new JsonArray(), true);
        foreach (var (pod, spans) in timeline.Pods)
        {
            var said = At(spans, at);
            var target = timeline.Targets.TryGetValue(pod, out var seen) ? At(seen, at) : null;
            var status = Status(said?.State);
            var reason = said?.Reasons.Split('\n')[0] ?? string.Empty;
            healthy &= status is "ready" or "degraded";
            pods.Add((JsonNode)new JsonObject
            {
                ["name"] = pod,
                ["workload"] = "orders",
                ["address"] = null,
                ["phase"] = said is null or { State: "Silent" } ? "BackOff" : "Running",
                ["ready"] = status is "ready" or "degraded",
                ["processId"] = 1,
                ["restarts"] = run.Restarts,
                ["reason"] = status == "ready" ? string.Empty : reason,
            });
            verdicts[pod] = new JsonObject { ["status"] = status, ["ready"] = status is "ready" or "degraded", ["reason"] = reason };
            if (target is not null)
            {
                targets.Add((JsonNode)new JsonObject { ["pod"] = pod, ["state"] = target.State.ToLowerInvariant(), ["requests"] = 0 });
            }
        }

        var spansOf = new JsonArray();
        if (at >= timeline.InjectedAt)
        {
            spansOf.Add((JsonNode)new JsonObject
            {
                ["kind"] = "fault",
                ["subject"] = run.Fault,
                ["from"] = Text(origin, timeline.InjectedAt),
                ["to"] = at >= timeline.UndoneAt ? Text(origin, timeline.UndoneAt) : null,
                ["outcome"] = at >= timeline.UndoneAt ? "ended" : string.Empty,
            });
        }

        return new()
        {
            ["status"] = new JsonObject
            {
                ["stack"] = $"chaos, {run.Fault}",
                ["healthy"] = healthy,
                ["stopping"] = false,
                ["speed"] = result.Speed,
                ["urls"] = new JsonArray(),
                ["problems"] = new JsonArray(),
                ["workloads"] = new JsonArray((JsonNode)new JsonObject { ["kind"] = "Deployment", ["name"] = "orders" }),
                ["pods"] = pods,
                ["targets"] = targets,
            },
            ["verdicts"] = verdicts,
            ["links"] = new JsonArray(),
            ["faults"] = new JsonArray(),
            ["spans"] = spansOf,
        };
    }

    /// <summary>Twice a second what each instance said, and what the balancer made of it.</summary>
    private static JsonArray Marks(RunTimeline timeline, DateTimeOffset origin, double from, double to)
    {
        var marks = new JsonArray();
        foreach (var at in new[] { to - 0.5, to }.Where(at => at > from && at >= 0))
        {
            foreach (var (prober, lanes) in new[] { (Health, timeline.Pods), (Balancer, timeline.Targets) })
            {
                foreach (var (pod, spans) in lanes)
                {
                    if (At(spans, at) is { } span)
                    {
                        var words = $"{span.State.ToLowerInvariant()}{(span.Reasons.Length > 0 ? $": {span.Reasons.Split('\n')[0]}" : string.Empty)}";
                        marks.Add((JsonNode)new JsonArray(pod, prober, Milliseconds(origin, at), span.State is "Ready" or "Degraded" or "Healthy" ? 1 : 0, 0, words));
                    }
                }
            }
        }

        return marks;
    }

    private static JsonArray Events(FaultRun run, DateTimeOffset origin, double from, double to)
    {
        var timeline = run.Timeline!;
        var all = new List<(double At, string Kind, string Subject, string Message)>
        {
            (timeline.InjectedAt, "warning", run.Fault, run.Title),
            (timeline.UndoneAt, "progress", run.Fault, "ended"),
        };
        foreach (var (pod, spans) in timeline.Pods)
        {
            all.AddRange(spans.Select(span => (
                span.From,
                span.State switch { "Ready" => "healthy", "Degraded" => "warning", "NotReady" or "Silent" => "failure", _ => "progress" },
                pod,
                $"says {Status(span.State)}{(span.Reasons.Length > 0 ? $": {span.Reasons.Replace('\n', ';')}" : string.Empty)}")));
        }

        foreach (var (pod, spans) in timeline.Targets)
        {
            all.AddRange(spans.Skip(1).Select(span => (
                span.From,
                span.State == "Healthy" ? "healthy" : span.State == "Unhealthy" ? "failure" : "progress",
                pod,
                span.State == "Unhealthy" ? "unhealthy in the target group" : $"{span.State.ToLowerInvariant()} in the target group")));
        }

        return new([.. all.Where(one => one.At > from && one.At <= to).OrderBy(one => one.At).Select(one => (JsonNode)new JsonObject
        {
            ["at"] = Text(origin, one.At), ["kind"] = one.Kind, ["subject"] = one.Subject, ["message"] = one.Message,
        })]);
    }

    /// <summary>Users of all operations together within a second; the shares are what was measured, the rate is the run's own.</summary>
    private static JsonArray Samples(RunTimeline timeline, double rate, DateTimeOffset origin, int second)
    {
        var bins = timeline.Users.Where(users => Catalogue.Operations.Requests.Contains(users.Key, StringComparer.Ordinal))
            .SelectMany(users => users.Value.Skip((int)((second - 1) / timeline.BinSeconds)).Take((int)(1 / timeline.BinSeconds))).Where(share => share >= 0).ToList();
        return second == 0 || bins.Count == 0 ? []
            : new((JsonNode)new JsonObject { ["at"] = Text(origin, second), ["rate"] = rate, ["failures"] = Math.Round(rate * bins.Average(), 2), ["latency"] = null });
    }

    private static Span? At(IReadOnlyList<Span> spans, double at) => spans.LastOrDefault(span => span.From <= at && at <= span.To + 1);

    private static string Status(string? state) => state switch
    {
        "Ready" => "ready",
        "Degraded" => "degraded",
        "NotReady" => "not ready",
        "Starting" => "starting",
        "Draining" => "draining",
        _ => "unknown",
    };

    private static long Milliseconds(DateTimeOffset origin, double seconds) => origin.AddSeconds(seconds).ToUnixTimeMilliseconds();

    private static string Text(DateTimeOffset origin, double seconds) => origin.AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture);
}
