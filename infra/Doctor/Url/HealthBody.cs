using System.Text.Json;
using Candor.Planning;

namespace Candor.Doctor.Url;

/// <summary>What the body of a health answer says, in any of the common forms.</summary>
/// <param name="Status">The status in the body's own word, or null when it has none.</param>
/// <param name="SaysHealthy">What the word means; null when it means neither.</param>
/// <param name="Reason">The top-level reason, or null.</param>
/// <param name="Checks">Every check that is not healthy.</param>
/// <param name="Operations">Every operation that is not healthy.</param>
public sealed record HealthBody(string? Status, bool? SaysHealthy, string? Reason, IReadOnlyList<FailingPart> Checks,
    IReadOnlyList<FailingPart> Operations)
{
    private static readonly string[] Good = ["ready", "healthy", "up", "ok", "pass", "passing", "serving", "alive", "started", "success"];
    private static readonly string[] Bad = ["not ready", "not-ready", "unhealthy", "down", "fail", "failing", "failed", "error",
        "out_of_service", "not_serving", "critical", "dead"];
    private static readonly string[] PartNames = ["checks", "entries", "results", "components", "details", "dependencies"];
    private static readonly string[] Between = ["degraded", "warn", "warning", "starting", "draining", "slow", "unknown"];

    /// <summary>Nothing was understood.</summary>
    public static HealthBody Silent { get; } = new(null, null, null, [], []);

    /// <summary>Whether every part of it is fine, degraded parts not counted as fine.</summary>
    public bool IsClean => Checks.Count == 0 && Operations.Count == 0 && SaysHealthy == true;

    /// <summary>Reads a body; what is not understood is <see cref="Silent"/>.</summary>
    public static HealthBody Read(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            return body.TrimStart().StartsWith('{') ? OfJson(PlanValue.Parse(body)) : OfWord(body.Trim());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Silent;
        }
    }

    private static HealthBody OfWord(string word) => word.Length > 40 ? Silent : Meaning(word) is { } healthy
        ? new(word, healthy, null, [], []) : Silent;

    // Ours: checks and operations; ASP.NET's writers: entries or results; Spring's actuator: components; health+json: checks.
    private static HealthBody OfJson(PlanValue body)
    {
        var status = body["status"].Text ?? body["state"].Text ?? body["health"].Text;
        var parts = PartNames.SelectMany(name => Parts(body[name])).ToList();
        return new(status, status is null ? null : Meaning(status), body["reason"].Text ?? body["message"].Text, parts,
            [.. Parts(body["operations"])]);
    }

    private static IEnumerable<FailingPart> Parts(PlanValue parts)
    {
        var named = parts.Kind == JsonValueKind.Array
            ? parts.Items.Select(item => KeyValuePair.Create(item["name"].Text ?? "unnamed", item))
            : parts.Properties;
        foreach (var (name, part) in named)
        {
            // health+json has a list of measurements a name.
            var value = part.Kind == JsonValueKind.Array ? part.Items.FirstOrDefault() : part;
            var word = value["status"].Text ?? value["state"].Text ?? value.Text;
            if (word is not null && Meaning(word) != true)
            {
                yield return new(name, word, value["reason"].Text ?? value["output"].Text ?? value["description"].Text, value["cause"].Text
                    ?? value["detail"].Text ?? value["error"].Text ?? value["exception"].Text)
                {
                    Duration = value["duration"].Text,
                    Scope = value["scope"].Text,
                    Since = value["since"].Text,
                    Share = value["share"].Number,
                };
            }
        }
    }

    private static bool? Meaning(string word)
    {
        var plain = word.ToLowerInvariant();
        return Good.Contains(plain) ? true : Bad.Contains(plain) ? false : Between.Contains(plain) ? null : null;
    }
}

/// <summary>A check or operation that is not healthy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status in its own word.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Detail">More, which only a management port tells, or null.</param>
public sealed record FailingPart(string Name, string Status, string? Reason, string? Detail)
{
    /// <summary>How long the check took.</summary>
    public string? Duration { get; init; }

    /// <summary><c>local</c> or <c>shared</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>Since when, as it was written.</summary>
    public string? Since { get; init; }

    /// <summary>The failing share of an operation's answers, 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Whether it makes the whole not ready; false when it only degrades it.</summary>
    public bool IsFailing => Status is not ("degraded" or "warn" or "warning" or "slow" or "unknown" or "Degraded");

    /// <summary>The part in words: <c>database: authentication</c>.</summary>
    public string Text => $"{Name}: {Reason ?? Status}";
}
