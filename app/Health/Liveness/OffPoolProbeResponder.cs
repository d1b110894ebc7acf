using System.Net;
using System.Text;
using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Serving;
using Candor.Health.State;
using Candor.Health.Watchdog;

namespace Candor.Health.Liveness;

/// <summary>
/// Answers a probe from memory, on the thread of the probe-intercepting listener: liveness and startup always, readiness only when the thread pool is
/// too late to answer it. Nothing here may wait for anything.
/// </summary>
internal sealed class OffPoolProbeResponder(
    ContractEnvironment environment,
    HealthContract contract,
    PublicEndpoints endpoints,
    HealthService health,
    PoolHeartbeat heartbeat,
    ThreadPoolVerdict starved,
    ProcessHealth process,
    ProberLedger probers,
    ProbeAnswers answers,
    DrainState drain,
    DescriptorUse descriptors,
    TimeProvider time)
{
    private readonly string _hash = environment.Hash;

    /// <summary>The paths that it answers.</summary>
    public HealthPaths Paths => contract.Paths;

    /// <summary>The whole response, or null when the server can and should answer.</summary>
    public byte[]? Answer(in FirstRequest request, IPAddress? from)
    {
        if (Of(request, from) is not { } answer)
        {
            return null;
        }

        answers.Count(request.Path, answer.Status);
        return Render(answer, request.HeadOnly);
    }

    /// <summary>The answer to a readiness probe for which the server has no connection left.</summary>
    public async Task<byte[]> AnswerReadinessAsync(FirstRequest request, IPAddress? from)
    {
        var verdict = await health.AskAsync(request.Scope).ConfigureAwait(false);
        probers.RecordProbe(from, request.Agent, verdict.State == HealthState.Draining);
        var answer = endpoints.Render(verdict);
        answers.Count(request.Path, answer.Status);
        return Render(answer, request.HeadOnly);
    }

    /// <summary>The process could not accept a connection because it has no file descriptor left.</summary>
    public void NoteDescriptorsExhausted() => descriptors.NoteExhausted();

    private Answer? Of(in FirstRequest request, IPAddress? from)
    {
        if (request.Path != HealthPath.Readiness)
        {
            return endpoints.FromMemory(request.Path);
        }

        if (heartbeat.Delay < contract.Watchdog.ThreadPoolDelay && !process.IsStarved)
        {
            return null;
        }

        probers.RecordProbe(from, request.Agent, drain.Draining);
        return endpoints.Render(health.Standing() ?? starved.Read());
    }

    private byte[] Render(Answer answer, bool headOnly)
    {
        var head = $"""
            HTTP/1.1 {answer.Status} {(answer.Status == 200 ? "OK" : "Service Unavailable")}
            Content-Type: application/json
            Content-Length: {answer.Body.Length}
            Cache-Control: no-store
            {ContractHash.Header}: {_hash}
            Connection: close
            Date: {time.GetUtcNow():R}


            """;
        var bytes = Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n"));
        return headOnly ? bytes : [.. bytes, .. answer.Body];
    }
}
