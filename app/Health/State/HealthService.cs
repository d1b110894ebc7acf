using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Evaluation;
using Candor.Health.Operations;
using Candor.Health.Startup;

namespace Candor.Health.State;

/// <summary>The state of the instance, for everyone who asks: probes, the management port, metrics.</summary>
internal sealed class HealthService
{
    private readonly SharedEvaluation _evaluations;
    private readonly StartupProgress _startup;
    private readonly DrainState _drain;
    private readonly TransitionLog _transitions;
    private readonly HealthContract _contract;
    private readonly OperationRegistry _operations;
    private readonly CanaryTimes _canaries;
    private readonly ILookup<string, string> _users;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CheckStability> _stability = new(StringComparer.Ordinal);
    private Judged? _judged;
    private volatile bool _wasReady;

    public HealthService(
        SharedEvaluation evaluations,
        HealthContract contract,
        OperationRegistry operations,
        CanaryTimes canaries,
        StartupProgress startup,
        DrainState drain,
        TransitionLog transitions)
    {
        _evaluations = evaluations;
        _startup = startup;
        _drain = drain;
        _transitions = transitions;
        _contract = contract;
        _operations = operations;
        _canaries = canaries;
        _users = contract.Operations.SelectMany(operation => operation.Uses, (operation, dependency) => (operation, dependency))
            .ToLookup(pair => pair.dependency, pair => pair.operation.Name, StringComparer.Ordinal);
    }

    /// <summary>The verdict now, from an answer no older than the freshness bound.</summary>
    public ValueTask<Verdict> AskAsync(Scope scope)
    {
        if (Standing() is { } standing)
        {
            return new(standing);
        }

        var evaluation = _evaluations.GetAsync();
        return evaluation.IsCompletedSuccessfully ? new(Of(evaluation.Result, scope)) : AskSlowlyAsync(evaluation, scope);
    }

    /// <summary>The verdict of the latest evaluation, however old; nothing is run. For metrics, and when the thread pool cannot run anything.</summary>
    public Verdict LastKnown(Scope scope) => Standing() ?? Of(_evaluations.Latest, scope);

    /// <summary>Age of the evaluation behind a verdict, null when it has none.</summary>
    public TimeSpan? Age(Verdict verdict) => verdict.CompletedAt is { } at ? _evaluations.Age(at) : null;

    private async ValueTask<Verdict> AskSlowlyAsync(ValueTask<EvaluationResult?> pending, Scope scope)
    {
        var evaluation = await pending.ConfigureAwait(false);
        return Standing() ?? Of(evaluation, scope);
    }

    /// <summary>The state that overrides the checks: draining or starting. Null in between.</summary>
    public Verdict? Standing() =>
        _drain.Draining ? Noted(Judge.Draining) : _startup.Done ? null : Noted(Judge.Starting(_startup.Open));

    private Verdict Of(EvaluationResult? evaluation, Scope scope)
    {
        if (evaluation is null)
        {
            return Noted(Judge.Stale);
        }

        var judged = Volatile.Read(ref _judged);
        if (judged is null || judged.Evaluation != (object)evaluation)
        {
            lock (_gate)
            {
                judged = _judged;
                if (judged is null || judged.Evaluation != (object)evaluation)
                {
                    judged = JudgeAnew(evaluation);
                    Volatile.Write(ref _judged, judged);
                }
            }

            Noted(judged.Full);
        }

        // Until it has been ready once it is unknown whether this version works: the local scope would let a rollout continue that cannot reach its database.
        return scope == Scope.Full || !_wasReady ? judged.Full : judged.Local;
    }

    private Judged JudgeAnew(EvaluationResult evaluation)
    {
        var stable = evaluation with { Checks = [.. evaluation.Checks.Select(Stabilise)] };
        var operations = _operations.Read();
        var recent = _contract.Freshness * 3;
        var full = Judge.Of(stable, operations, _users, _contract.Routing, Scope.Full, recent);
        _wasReady |= full.Ready;
        return new(evaluation, full, Judge.Of(stable, operations, _users, _contract.Routing, Scope.Local, recent));
    }

    private CheckReport Stabilise(CheckReport check)
    {
        if (!_stability.TryGetValue(check.Name, out var stability))
        {
            _stability[check.Name] = stability = new(_contract.Freshness);
        }

        var before = stability.Failing;
        var stable = stability.Next(check, _evaluations.Now);
        if (before && !stability.Failing)
        {
            // What the dependency caused is repaired with it; the canaries show at once whether users can be served.
            _operations.Acquit(check.Name, stability.LastFailure?.Cause?.Code);
            _canaries.SendNow();
        }
        else if (!before && stability.Failing)
        {
            _canaries.SendNow();
        }

        return stable;
    }

    private Verdict Noted(Verdict verdict)
    {
        _transitions.Note(verdict);
        return verdict;
    }

    private sealed record Judged(EvaluationResult Evaluation, Verdict Full, Verdict Local);
}
