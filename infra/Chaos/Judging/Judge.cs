using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Probing;
using Candor.Chaos.Users;
using Candor.Contract;

namespace Candor.Chaos.Judging;

/// <summary>
/// Holds what users got against what health said, and both against what the catalogue asks for. Pure: the same observation is always
/// judged the same.
/// </summary>
internal sealed class Judge
{
    /// <summary>How much later than due a request or a probe may be sent.</summary>
    private const double Late = 0.5;

    /// <summary>The share that may be later.</summary>
    private const double LateShare = 0.05;

    /// <summary>From which share of failed requests on users fail in a second.</summary>
    private const double Failing = 0.05;

    /// <summary>The share of requests that may fail before a fault is made.</summary>
    public const double FailedBefore = 0.02;

    /// <summary>The share of answers from which on something that is fine counts as blamed.</summary>
    private const double Blame = 0.15;

    private readonly Observation _seen;
    private readonly Fault _fault;
    private readonly Expectation _asked;
    private readonly List<Finding> _findings = [];
    private readonly List<string> _pods;
    private readonly Dictionary<string, List<HealthSample>> _byPod;

    private Judge(Observation seen)
    {
        _seen = seen;
        _fault = seen.Fault;
        _asked = seen.Fault.Health;
        _byPod = seen.Health.OrderBy(sample => sample.At).GroupBy(sample => sample.Pod, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        // Those that were there when it was made; one that comes later has not seen it begin.
        _pods = [.. _byPod.Where(pod => pod.Value[0].At < seen.InjectedAt).Select(pod => pod.Key)];
    }

    /// <summary>Judges.</summary>
    public static FaultRun Of(Observation seen) => new Judge(seen).Run();

    private FaultRun Run()
    {
        var run = new FaultRun
        {
            Fault = _fault.Name,
            Title = _fault.Title,
            Family = _fault.Family,
            Service = _seen.Service,
            IsFault = _fault.IsFault,
            Outcome = Outcome.Skipped,
            Findings = _findings,
        };
        if (_seen.NotMade is { } reason)
        {
            Add(FindingKind.Instrument, reason);
            return run;
        }

        var operations = Measure();
        Validate(operations);
        var invalid = _findings.Count > 0;
        var (first, last) = Verdicts();
        var named = Named();
        var ejected = Ejected();
        var flaps = Flaps();
        var (recovered, users) = (HealthRecovered(), UsersRecovered());
        var restarts = Restarts();
        if (!invalid)
        {
            Require(first, last, named, ejected, flaps, recovered, users);
            RequireOthers(operations);
            RequireLiveness(restarts);
            RequireOrders();
        }

        return run with
        {
            Outcome = invalid ? Outcome.Invalid : _findings.Any(f => f.Kind.Fails()) ? Outcome.Wrong : _findings.Count > 0 ? Outcome.Late : Outcome.Right,
            Operations = operations,
            FirstVerdict = Round(first),
            LastVerdict = Round(last),
            FirstReason = Round(named),
            Ejected = Round(ejected),
            HealthRecovered = Round(recovered),
            UsersRecovered = Round(users),
            Flaps = flaps,
            Said = Said(),
            FalseSeconds = Math.Round(FalseSeconds(), 1),
            Restarts = restarts,
            Orders = _seen.Orders?.ToString(),
            Bounds = new()
            {
                Verdict = Scaled(_asked.Within),
                Ejection = _asked.Ejects ? EjectionBound : null,
                Recovery = Round(Scaled(_asked.RecoversWithin)),
            },
            Timeline = TimelineBuilder.Of(_seen),
        };
    }

    private double EjectionBound => Math.Round(_seen.Timeline.BalancerNoticesFailure.Worst.TotalSeconds + (Scaled(_asked.Within) ?? 0), 2);

    private double? Scaled(TimeSpan? duration) => duration?.TotalSeconds / _seen.Speed;

    private bool During(double at) => at >= _seen.InjectedAt && at < _seen.UndoAt;

    // ---- What users got, and what health claimed of it, second by second.

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
        var recovery = Scaled(_asked.RecoversWithin) ?? 0;
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

    // ---- Whether it can be judged at all.

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

    // ---- What health said.

    private bool Matches(HealthSample sample) => _asked.Says switch
    {
        Verdict.Degraded => sample.Says == PodState.Degraded,
        Verdict.NotReady => sample.Says == PodState.NotReady || (sample.Says == PodState.Degraded && _seen.Contract.Routing.OnSharedFailure == SharedFailure.Report),
        Verdict.Trouble => sample.Says is PodState.Degraded or PodState.NotReady,
        _ => false,
    };

    private List<string> Required => _asked.Whose switch
    {
        Whose.Victim => [.. _pods.Where(pod => pod == _seen.Victim)],
        Whose.Nobody => [],
        _ => _pods,
    };

    private IEnumerable<HealthSample> SamplesOf(string pod, double from, double to) => _byPod[pod].Where(sample => sample.At >= from && sample.At < to);

    private (double? First, double? Last) Verdicts()
    {
        var times = Required.Select(pod => SamplesOf(pod, _seen.InjectedAt, _seen.UndoneAt).Where(Matches).Select(sample => (double?)sample.At).FirstOrDefault() - _seen.InjectedAt).ToList();
        var first = times.Min();
        return (first, _asked.Whose == Whose.Any ? first : times.Contains(null) ? null : times.Max());
    }

    private double? Named()
    {
        if (_asked.Says == Verdict.Balancer)
        {
            return _seen.Stack
                .Where(sample => sample.At >= _seen.InjectedAt && sample.At < _seen.UndoneAt && sample.Lines.Any(line => _asked.BalancerSays is { } says && Regex.IsMatch(line, says, RegexOptions.IgnoreCase)))
                .Select(sample => (double?)sample.At - _seen.InjectedAt)
                .FirstOrDefault();
        }

        return _asked.Because.Count == 0
            ? null
            : Required.SelectMany(pod => SamplesOf(pod, _seen.InjectedAt, _seen.UndoneAt)).Where(sample => sample.Names(_asked.Because)).Select(sample => (double?)sample.At - _seen.InjectedAt).Min();
    }

    private int Flaps() => Required.Select(pod =>
    {
        var flaps = 0;
        var trouble = false;
        // What was asked before the repair may be answered after it.
        foreach (var sample in SamplesOf(pod, _seen.InjectedAt, _seen.UndoAt).Where(sample => sample.At + sample.Took < _seen.UndoAt))
        {
            if (sample.Says is PodState.Degraded or PodState.NotReady)
            {
                trouble = true;
            }
            else if (sample.Says == PodState.Ready && trouble)
            {
                flaps++;
                trouble = false;
            }
        }

        return flaps;
    }).DefaultIfEmpty(0).Max();

    private double? Ejected()
    {
        var pods = Required.Count > 0 ? Required : _asked.Says == Verdict.Balancer ? _pods : [];
        return _seen.Stack
            .Where(sample => sample.At >= _seen.InjectedAt && sample.At < _seen.UndoneAt && pods.Any(pod => sample.Pods.Any(p => p.Name == pod) && sample.Targets.GetValueOrDefault(pod) != "Healthy"))
            .Select(sample => (double?)sample.At - _seen.InjectedAt)
            .FirstOrDefault();
    }

    private double? HealthRecovered()
    {
        var after = _seen.Health.Where(sample => sample.At >= _seen.UndoneAt && !IsLeaving(sample)).ToList();
        if (after.Count == 0)
        {
            return null;
        }

        var last = after.Where(sample => sample.Says != PodState.Ready).Select(sample => sample.At).DefaultIfEmpty(_seen.UndoneAt).Max();
        // Still not as before when the measurement ended.
        return last > after.Max(sample => sample.At) - 0.3 && last > _seen.UndoneAt ? null : last - _seen.UndoneAt;
    }

    private double? UsersRecovered()
    {
        var after = _seen.Users.Where(sample => sample.At >= _seen.UndoneAt).ToList();
        return after.Count == 0 ? null : after.Where(sample => sample.Outcome.Failed()).Select(sample => sample.At - _seen.UndoneAt).DefaultIfEmpty(0).Max();
    }

    private bool IsLeaving(HealthSample sample) =>
        sample.Says == PodState.Draining || _seen.Stack.LastOrDefault(stack => stack.At <= sample.At + 0.2) is { } then && then.Pods.FirstOrDefault(pod => pod.Name == sample.Pod) is null or { Leaving: true } or { Process: null };

    private int Restarts() => _seen.Stack.SelectMany(sample => sample.Pods).GroupBy(pod => pod.Name, StringComparer.Ordinal).Sum(pod => pod.Max(p => p.Restarts) - pod.Min(p => p.Restarts));

    private IReadOnlyList<string> Said() =>
    [
        .. _seen.Health.Where(sample => sample.At >= _seen.InjectedAt && sample.Says is PodState.Degraded or PodState.NotReady)
            .SelectMany(sample => sample.Lines)
            .GroupBy(line => Regex.Replace(line, @"[0-9]+(\.[0-9]+)?(ms|s|m)\b", "…"), StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Take(8)
            .Select(group => group.First()),
    ];

    private double FalseSeconds()
    {
        var until = _seen.UndoneAt + (Scaled(_asked.RecoversWithin) ?? 0);
        return _seen.Health.Count(sample => sample.Says is PodState.Degraded or PodState.NotReady
            && (!_fault.IsFault || sample.At < _seen.InjectedAt || sample.At > until || (_asked.Whose == Whose.Victim && sample.Pod != _seen.Victim))) * Probers.Monitor.TotalSeconds;
    }

    // ---- Held against the catalogue.

    private void Require(double? first, double? last, double? named, double? ejected, int flaps, double? recovered, double? users)
    {
        switch (_asked.Says)
        {
            case Verdict.Nothing:
                RequireNothing();
                break;
            case Verdict.Balancer:
                if (named is null)
                {
                    Add(FindingKind.Missed, $"neither balancer nor rollout said why ({_asked.BalancerSays})");
                }
                else if (named > Scaled(_asked.Within) + 1)
                {
                    Add(FindingKind.Late, Text($"the balancer said why after {named:0.0} s; the bound is {Scaled(_asked.Within):0.0} s"));
                }

                break;
            case Verdict.Either:
                break;
            default:
                RequireSaid(first, last, named, flaps);
                break;
        }

        RequireNoBlame();
        if (_asked.Ejects && (ejected is null || ejected > EjectionBound))
        {
            Add(FindingKind.NotEjected, ejected is null ? "the balancer did not take the instance out" : Text($"the balancer took the instance out after {ejected:0.0} s; the bound is {EjectionBound:0.0} s"));
        }

        var bound = Scaled(_asked.RecoversWithin)!.Value;
        if (recovered is null && _seen.Health.Any(sample => sample.At > _seen.UndoneAt))
        {
            Add(FindingKind.SlowRecovery, Text($"health was not as before when the measurement ended, {_seen.EndedAt - _seen.UndoneAt:0.0} s after the repair"));
        }
        else if (recovered > bound + 0.3)
        {
            Add(FindingKind.SlowRecovery, Text($"health was as before {recovered:0.0} s after the repair; the bound is {bound:0.0} s"));
        }

        if (users > bound + 0.3)
        {
            Add(FindingKind.SlowRecovery, Text($"users failed until {users:0.0} s after the repair; the bound is {bound:0.0} s"));
        }

        foreach (var complaint in _seen.Complaints)
        {
            Add(FindingKind.Answer, complaint);
        }
    }

    private void RequireSaid(double? first, double? last, double? named, int flaps)
    {
        var bound = Scaled(_asked.Within);
        if (first is null)
        {
            Add(FindingKind.Missed, $"health never said {Wanted()}");
        }
        else
        {
            if (named is null && _asked.Because.Count > 0)
            {
                Add(FindingKind.WrongReason, $"it did not name {string.Join(" or ", _asked.Because.Select(pattern => $"'{pattern}'"))}; it said {(Said() is { Count: > 0 } said ? string.Join("; ", said.Take(4)) : "no reason")}");
            }

            if (bound is { } limit && (last is null || last > limit + 0.3))
            {
                Add(FindingKind.Late, last is null ? "not every instance said so" : Text($"the last instance said so after {last:0.0} s; the bound is {limit:0.0} s"));
            }
            else if (bound is { } most && named > most + 0.3)
            {
                Add(FindingKind.Late, Text($"the cause was named after {named:0.0} s; the bound is {most:0.0} s"));
            }
        }

        if (_asked.Says == Verdict.Degraded && Required.Any(pod => SamplesOf(pod, _seen.InjectedAt, _seen.UndoneAt).Any(sample => sample.Says == PodState.NotReady)))
        {
            Add(FindingKind.FalseAlarm, "it was not ready at times, where it can go on serving");
        }

        if (flaps > _asked.Flaps)
        {
            Add(FindingKind.Flapping, Text($"the verdict went away and came back {flaps} times while the fault lasted"));
        }

        if (_asked.Whose == Whose.Victim && _pods.Where(pod => pod != _seen.Victim).SelectMany(pod => SamplesOf(pod, _seen.InjectedAt, _seen.EndedAt)).FirstOrDefault(sample => sample.Says == PodState.NotReady) is { } other)
        {
            Add(FindingKind.FalseAlarm, $"{other.Pod} was not ready, too: {string.Join("; ", other.Lines)}");
        }
    }

    private void RequireNothing()
    {
        var said = _seen.Health.Where(sample => sample.At >= _seen.InjectedAt && sample.Says is PodState.Degraded or PodState.NotReady && !IsLeaving(sample)).ToList();
        if (said.Count > 0)
        {
            Add(FindingKind.FalseAlarm, Text($"{said[0].Pod} was {(said.Exists(s => s.Says == PodState.NotReady) ? "not ready" : "degraded")} for {said.Count * Probers.Monitor.TotalSeconds:0.0} s: {string.Join("; ", Said().Take(4))}"));
        }

        var out_ = _seen.Stack.FirstOrDefault(sample => sample.At >= _seen.InjectedAt && sample.Targets.Any(target => target.Value == "Unhealthy"));
        if (out_ is not null)
        {
            Add(FindingKind.FalseAlarm, $"the balancer took an instance out: {string.Join("; ", out_.Lines.Take(2))}");
        }
    }

    private void RequireNoBlame()
    {
        if (_asked.NotBecause.Count == 0)
        {
            return;
        }

        var until = _seen.UndoneAt + (Scaled(_asked.RecoversWithin) ?? 0);
        var trouble = _seen.Health.Where(sample => sample.At >= _seen.InjectedAt && sample.At < until && sample.Says is PodState.Degraded or PodState.NotReady).ToList();
        var blamed = trouble.Where(sample => sample.Names(_asked.NotBecause)).ToList();

        // One slow answer of something else on a busy machine is true, and blames nothing.
        if (blamed.Count > trouble.Count * Blame)
        {
            var lines = blamed[blamed.Count / 2].Lines.Where(line => _asked.NotBecause.Any(pattern => Regex.IsMatch(line, pattern, RegexOptions.IgnoreCase)));
            Add(FindingKind.WrongReason, Text($"it blamed what was fine in {(double)blamed.Count / trouble.Count:P0} of its answers: {string.Join("; ", lines)}"));
        }
    }

    private void RequireOthers(List<OperationResult> operations)
    {
        foreach (var operation in operations.Where(operation => Operations.Requests.Contains(operation.Operation) && _fault.Users.GetValueOrDefault(operation.Operation, Effect.Served) == Effect.Served && operation.During > 0.01))
        {
            Add(FindingKind.AlsoFailed, Text($"{operation.During:P1} of {operation.Operation} failed, which the fault does not break ({string.Join(", ", operation.Failures.Take(2))})"));
        }
    }

    private void RequireLiveness(int restarts)
    {
        if (_asked.RestartHelps)
        {
            return;
        }

        if (_seen.Liveness.Where(sample => sample.At >= _seen.InjectedAt && sample is { Answered: true, Alive: false }).Select(sample => sample.Pod).FirstOrDefault() is { } pod)
        {
            Add(FindingKind.Liveness, $"liveness of {pod} failed, where no restart helps");
        }

        if (restarts > 0)
        {
            Add(FindingKind.Liveness, Text($"the kubelet restarted {restarts} times, where no restart helps"));
        }
    }

    private void RequireOrders()
    {
        if (_seen.Orders is { Complete: false } orders)
        {
            Add(FindingKind.OrdersLost, $"orders: {orders}");
        }
    }

    private string Wanted() => _asked.Says switch
    {
        Verdict.Degraded => "that it is degraded",
        Verdict.NotReady => "that it is not ready",
        _ => "that anything is wrong",
    };

    private void Add(FindingKind kind, string text) => _findings.Add(new(kind, text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 2) : null;

    private static double Share<T>(IEnumerable<T> all, Func<T, bool> which)
    {
        var (count, yes) = (0, 0);
        foreach (var one in all)
        {
            count++;
            yes += which(one) ? 1 : 0;
        }

        return count == 0 ? 0 : (double)yes / count;
    }
}
