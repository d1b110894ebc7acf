using System.Net;
using System.Text;
using Candor.Contract;

namespace Candor.Health;

/// <summary>
/// Answers a probe from memory, on the thread of the front door: liveness and startup always, readiness only when the thread pool is
/// too late to answer it. Nothing here may wait for anything.
/// </summary>
internal sealed class ProbeDesk(
    ContractEnvironment environment,
    HealthContract contract,
    PublicEndpoints endpoints,
    HealthService health,
    PoolHeartbeat heartbeat,
    ThreadPoolVerdict starved,
    ProberLedger probers,
    ProbeAnswers answers,
    DrainState drain,
    TimeProvider time)
{
    private readonly string _hash = environment.Hash;

    /// <summary>The paths that it knows.</summary>
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

    private Answer? Of(in FirstRequest request, IPAddress? from)
    {
        if (request.Path != HealthPath.Readiness)
        {
            return endpoints.FromMemory(request.Path);
        }

        if (heartbeat.Delay < contract.Watchdog.ThreadPoolDelay)
        {
            return null;
        }

        probers.Saw(from, request.Agent, drain.Draining);
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
