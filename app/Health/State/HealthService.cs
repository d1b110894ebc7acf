using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Evaluation;
using Candor.Health.Startup;

namespace Candor.Health.State;

/// <summary>The state of the instance, for everyone who asks: probes, the management port, metrics.</summary>
internal sealed class HealthService
{
    private readonly SharedEvaluation _evaluations;
    private readonly StartupProgress _startup;
    private readonly DrainState _drain;
    private readonly TransitionLog _transitions;
    private readonly RoutingPolicy _routing;
    private Judged? _judged;

    public HealthService(SharedEvaluation evaluations, HealthContract contract, StartupProgress startup, DrainState drain, TransitionLog transitions)
    {
        _evaluations = evaluations;
        _startup = startup;
        _drain = drain;
        _transitions = transitions;
        _routing = contract.Routing;
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

    /// <summary>What holds whatever the checks say: leaving, or starting. Null in between.</summary>
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
            judged = new(evaluation, Judge.Of(evaluation, _routing, Scope.Full), Judge.Of(evaluation, _routing, Scope.Local));
            Volatile.Write(ref _judged, judged);
            Noted(judged.Full);
        }

        return scope == Scope.Full ? judged.Full : judged.Local;
    }

    private Verdict Noted(Verdict verdict)
    {
        _transitions.Note(verdict);
        return verdict;
    }

    private sealed record Judged(EvaluationResult Evaluation, Verdict Full, Verdict Local);
}
