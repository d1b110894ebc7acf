using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Probing;

namespace Candor.Chaos.Judging;

/// <summary>
/// Holds what users got against what health said, and both against what the catalogue asks for. Pure: the same observation is always
/// judged the same.
/// </summary>
internal sealed partial class Judge
{
    /// <summary>How much later than due a request or a probe may be sent.</summary>
    private const double Late = 0.5;

    /// <summary>The share that may be later.</summary>
    private const double LateShare = 0.05;

    /// <summary>
    /// Seconds after a repair that no speed divides: a circuit breaker's shortest pause (0.5 s) and the drivers' pauses before they connect again.
    /// </summary>
    private const double Undivided = 1;

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
        // Those that were there when it was made, and stay: one that comes later has not seen it begin, and one that drains says nothing else.
        _pods = [.. _byPod.Where(pod => pod.Value.LastOrDefault(sample => sample.At < seen.InjectedAt) is { Says: not PodState.Draining }).Select(pod => pod.Key)];
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
                Recovery = Round(RecoveryBound),
            },
            Timeline = TimelineBuilder.Of(_seen),
        };
    }

    private double EjectionBound => Math.Round(_seen.Timeline.BalancerNoticesFailure.Worst.TotalSeconds + (Scaled(_asked.Within) ?? 0), 2);

    /// <summary>How soon everything is as before, with room for what a speed does not divide.</summary>
    private double RecoveryBound => (Scaled(_asked.RecoversWithin) ?? 0) + (Undivided * (1 - (1 / _seen.Speed)));

    private double? Scaled(TimeSpan? duration) => duration?.TotalSeconds / _seen.Speed;

    private bool During(double at) => at >= _seen.InjectedAt && at < _seen.UndoAt;

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
