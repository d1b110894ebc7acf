using Candor.Chaos.Catalogue;
using Candor.Chaos.Users;

namespace Candor.Chaos.Judging;

/// <content>What users got, and what health claimed of it, second by second; and whether a run can be judged at all.</content>
internal sealed partial class Judge
{
    private List<OperationResult> Measure()
    {
        var result = new List<OperationResult>();
        foreach (var operation in Operations.All)
        {
            var samples = _seen.Users.Where(sample => sample.Operation == operation).ToList();
            var background = _seen.Background.Where(sample => sample.Operation == operation).ToList();
            if (samples.Count == 0 && background.Count == 0)
            {
                continue;
            }

            var during = samples.Where(sample => During(sample.At)).ToList();
            var (tp, fp, fn, tn, bound) = Seconds(operation, samples, background);
            var limit = BackgroundLimit.Of(_seen, operation);
            result.Add(new(
                operation,
                background.Count > 0 ? Share(background.Where(s => s.At < _seen.InjectedAt), s => s.OldestAge > limit) : Share(samples.Where(s => s.At < _seen.InjectedAt), s => s.Outcome.Failed()),
                background.Count > 0 ? Share(background.Where(s => During(s.At)), s => s.OldestAge > limit) : Share(during, s => s.Outcome.Failed()),
                during.Count,
                Share(during, s => s.Outcome == UserOutcome.Slow),
                tp,
                fp,
                fn,
                tn,
                bound,
                [.. during.Where(s => s.Outcome.Failed()).GroupBy(s => $"{s.Outcome.ToString().ToLowerInvariant()}: {s.What}").OrderByDescending(g => g.Count()).Take(4).Select(g => $"{g.Count()} × {g.Key}")]));
        }

        return result;
    }

    private (int, int, int, int, int) Seconds(string operation, List<UserSample> samples, List<BackgroundSample> background)
    {
        var (tp, fp, fn, tn, bound) = (0, 0, 0, 0, 0);
        var limit = BackgroundLimit.Of(_seen, operation);
        var grace = Scaled(_asked.Within) ?? 0;
        var recovery = RecoveryBound;
        for (var second = 0; second < (int)_seen.EndedAt; second++)
        {
            var asked = samples.Where(s => s.At >= second && s.At < second + 1).ToList();
            var aged = background.Where(s => s.At >= second && s.At < second + 1).ToList();
            if (asked.Count == 0 && aged.Count == 0)
            {
                continue;
            }

            var truth = asked.Count > 0 ? Share(asked, s => s.Outcome.Failed()) >= Failing : aged.Exists(s => s.OldestAge > limit);
            var claims = _seen.Health.Where(s => s.At >= second && s.At < second + 1 && s.Claims(operation)).ToList();

            // An instance that the balancer took out says rightly that its users would fail: it has none.
            var claim = truth ? claims.Count > 0 : claims.Exists(s => IsUsed(s.Pod, s.At));
            if (truth != claim && (Touches(second, _seen.InjectedAt, _seen.InjectedAt + grace + 1) || Touches(second, _seen.UndoAt, _seen.UndoneAt + recovery + 1)))
            {
                bound++;
            }
            else
            {
                _ = (truth, claim) switch
                {
                    (true, true) => tp++,
                    (false, true) => fp++,
                    (true, false) => fn++,
                    _ => tn++,
                };
            }
        }

        return (tp, fp, fn, tn, bound);

        static bool Touches(int second, double from, double to) => second + 1 > from && second < to;
    }

    /// <summary>Whether the balancer sends to a pod: while it is healthy, or when none is.</summary>
    private bool IsUsed(string pod, double at) =>
        _seen.Stack.LastOrDefault(sample => sample.At <= at) is not { } then
        || then.Targets.GetValueOrDefault(pod) == "Healthy"
        || then.Targets.Values.All(state => state != "Healthy");

    private void Validate(List<OperationResult> operations)
    {
        if (_seen.Scheduled > 0 && (double)_seen.Skipped / _seen.Scheduled > 0.01)
        {
            Add(FindingKind.Instrument, Text($"users could not keep their rate: {_seen.Skipped} of {_seen.Scheduled} requests were not sent, for too many were open"));
        }

        var late = Share(_seen.Users, s => s.Late > Late);
        if (late > LateShare)
        {
            Add(FindingKind.Instrument, Text($"users could not keep their rate: {late:P0} of the requests were sent more than {Late} s late"));
        }

        late = Share(_seen.Health, s => s.Late > Late);
        if (late > LateShare)
        {
            Add(FindingKind.Instrument, Text($"probers could not keep their rate: {late:P0} of the questions were asked more than {Late} s late"));
        }

        if (_pods.Count == 0)
        {
            Add(FindingKind.Instrument, "no instance was asked before the fault was made");
        }

        foreach (var operation in operations)
        {
            if (operation.Before > FailedBefore && Operations.Requests.Contains(operation.Operation))
            {
                Add(FindingKind.Instrument, Text($"{operation.Before:P0} of {operation.Operation} failed before the fault was made"));
            }

            var effect = _fault.Users.GetValueOrDefault(operation.Operation, Effect.Served);
            var enough = operation.Requests > 0 || Operations.Background.Contains(operation.Operation);
            if (enough && ((effect == Effect.Broken && operation.During < (Operations.Background.Contains(operation.Operation) ? 0.2 : 0.5)) || (effect == Effect.Partly && operation.During < 0.02)))
            {
                Add(FindingKind.Instrument, Text($"the fault had no effect: {operation.During:P0} of {operation.Operation} failed, where {(effect == Effect.Broken ? "most" : "some")} should have"));
            }
        }
    }
}
