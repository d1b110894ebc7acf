using System.Text.RegularExpressions;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Probing;
using Candor.Chaos.Users;
using Candor.Contract;

namespace Candor.Chaos.Judging;

/// <content>What health said.</content>
internal sealed partial class Judge
{
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

    /// <summary>Restarts by the kubelet. A process that was told to drain ends by itself, and is started again.</summary>
    private int Restarts() => _seen.Stack
        .SelectMany(sample => sample.Pods)
        .Where(pod => !_byPod.TryGetValue(pod.Name, out var said) || !said.Exists(sample => sample.Says == PodState.Draining))
        .GroupBy(pod => pod.Name, StringComparer.Ordinal)
        .Sum(pod => pod.Max(p => p.Restarts) - pod.Min(p => p.Restarts));

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
        var until = _seen.UndoneAt + RecoveryBound;
        return _seen.Health.Count(sample => sample.Says is PodState.Degraded or PodState.NotReady
            && (!_fault.IsFault || sample.At < _seen.InjectedAt || sample.At > until || (_asked.Whose == Whose.Victim && sample.Pod != _seen.Victim))) * Probers.Monitor.TotalSeconds;
    }
}
