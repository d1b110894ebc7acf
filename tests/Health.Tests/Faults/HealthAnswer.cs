using System.Net;
using System.Text.Json.Nodes;

namespace Candor.Health.Tests.Faults;

/// <summary>One answer of the readiness path.</summary>
/// <param name="Code">Its status code.</param>
/// <param name="Body">Its body.</param>
/// <param name="Took">How long the prober waited.</param>
public sealed record HealthAnswer(HttpStatusCode Code, string Body, TimeSpan Took)
{
    private readonly JsonNode _json = JsonNode.Parse(Body)!;

    /// <summary>Whether the prober would keep the instance.</summary>
    public bool Ready => Code == HttpStatusCode.OK;

    /// <summary>The state.</summary>
    public string? Status => (string?)_json["status"];

    /// <summary>Why it is not ready, or degraded.</summary>
    public string? Reason => (string?)_json["reason"];

    /// <summary>The names of all checks.</summary>
    public IEnumerable<string> Checks => _json["checks"]!.AsObject().Select(check => check.Key);

    /// <summary>Why a check does not pass; null when it does.</summary>
    public string? ReasonOf(string check) => (string?)_json["checks"]?[check]?["reason"];

    /// <summary>How a check ended.</summary>
    public string? OutcomeOf(string check) => (string?)_json["checks"]?[check]?["status"];

    /// <inheritdoc />
    public override string ToString() => $"{(int)Code} after {Took.TotalMilliseconds:0} ms: {Body}";
}
