using System.Text.RegularExpressions;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Probing;

namespace Candor.Chaos.Judging;

/// <content>What was seen, held against the catalogue.</content>
internal sealed partial class Judge
{
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

        var bound = RecoveryBound;
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
            Add(FindingKind.FalseAlarm, "it was not ready at times, although it can continue serving");
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
        var said = _seen.Health
            .Where(sample => sample.At >= _seen.InjectedAt && sample.Says is PodState.Degraded or PodState.NotReady && !IsLeaving(sample) && HasBeenReady(sample))
            .ToList();
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

    /// <summary>An instance that has not been ready yet is starting, whatever it names; nobody is alarmed by that.</summary>
    private bool HasBeenReady(HealthSample sample) => _byPod[sample.Pod].Exists(before => before.At <= sample.At && before.Says == PodState.Ready);

    private void RequireNoBlame()
    {
        if (_asked.NotBecause.Count == 0)
        {
            return;
        }

        var until = _seen.UndoneAt + RecoveryBound;
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
}
