using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Startup;
using Candor.Health.State;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Serving;

/// <summary>
/// The three public health paths, answered from the server's features, before hosting: no log line, redirect, host filter,
/// authentication or rate limit stands between a probe and its answer.
/// </summary>
internal sealed class PublicEndpoints(
    ContractEnvironment environment,
    HealthContract contract,
    HealthService health,
    LivenessVerdict liveness,
    StartupProgress startup,
    ProberLedger probers,
    ProbeAnswers answers,
    DrainState drain)
{
    private static readonly Answer BadScope = new(400, [.. """{"error":"the scope is not known; expected ?scope=local, or none"}"""u8]);
    private static readonly Answer WrongMethod = new(405, [.. """{"error":"expected GET or HEAD"}"""u8]);
    private readonly string _hash = environment.Hash;
    private Rendered? _rendered;

    /// <summary>Answers if the request is for a health path; null, untouched, if it is not.</summary>
    public Task? TryAnswer(IFeatureCollection features)
    {
        var request = features.Get<IHttpRequestFeature>()!;
        var path = HealthPathMatch.Of(contract.Paths, request.Path);
        return path == HealthPath.None ? null : AnswerAsync(features, request, path);
    }

    /// <summary>The answer to a probe of liveness or startup, from memory only.</summary>
    public Answer FromMemory(HealthPath path) => path == HealthPath.Liveness
        ? AnswerWriter.Word(liveness.Alive ? "alive" : "stuck", liveness.Alive)
        : AnswerWriter.Word(startup.Done ? "started" : "starting", startup.Done);

    /// <summary>The rendered verdict; the same bytes for everyone within a millisecond.</summary>
    public Answer Render(Verdict verdict)
    {
        var age = health.Age(verdict);
        var milliseconds = age is { } value ? (long)value.TotalMilliseconds : -1;
        var rendered = Volatile.Read(ref _rendered);
        if (rendered is null || rendered.Verdict != (object)verdict || rendered.Milliseconds != milliseconds)
        {
            rendered = new(verdict, milliseconds, AnswerWriter.Public(verdict, age));
            Volatile.Write(ref _rendered, rendered);
        }

        return rendered.Answer;
    }

    private Task AnswerAsync(IFeatureCollection features, IHttpRequestFeature request, HealthPath path)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return WriteAsync(features, path, WrongMethod);
        }

        if (path != HealthPath.Readiness)
        {
            return WriteAsync(features, path, FromMemory(path));
        }

        if (ScopeQuery.Of(request.QueryString) is not { } scope)
        {
            return WriteAsync(features, path, BadScope);
        }

        var verdict = health.AskAsync(scope);
        return verdict.IsCompletedSuccessfully
            ? AnswerAsync(features, request, verdict.Result)
            : AnswerSlowlyAsync(features, request, verdict);
    }

    private async Task AnswerSlowlyAsync(IFeatureCollection features, IHttpRequestFeature request, ValueTask<Verdict> verdict) =>
        await AnswerAsync(features, request, await verdict.ConfigureAwait(false)).ConfigureAwait(false);

    private Task AnswerAsync(IFeatureCollection features, IHttpRequestFeature request, Verdict verdict)
    {
        var address = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
        probers.RecordProbe(address, request.Headers.UserAgent, verdict.State == HealthState.Draining);
        return WriteAsync(features, HealthPath.Readiness, Render(verdict));
    }

    private Task WriteAsync(IFeatureCollection features, HealthPath path, Answer answer)
    {
        answers.Count(path, answer.Status);
        var response = features.Get<IHttpResponseFeature>()!;
        if (answer.Status == 405)
        {
            response.Headers.Allow = "GET, HEAD";
        }

        return ResponseWriter.WriteAsync(features, answer, _hash, drain.Draining);
    }

    private sealed record Rendered(Verdict Verdict, long Milliseconds, Answer Answer);
}
