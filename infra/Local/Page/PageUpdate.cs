using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Candor.Local;

/// <summary>What the page is sent: live through its stream, or in a recording.</summary>
internal static class PageUpdate
{
    /// <summary>How everything on the page is written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The present, as the page shows it.</summary>
    public static string Present(IPageSource source, IReadOnlyList<PageSpan> spans) => JsonSerializer.Serialize(
        new { status = source.Status, verdicts = source.Verdicts, links = source.Links, faults = source.Faults, spans }, Json);

    /// <summary>Something new; what is null or empty is left out.</summary>
    public static JsonObject Of(
        string run,
        DateTimeOffset now,
        JsonObject? facts,
        string? present,
        IReadOnlyList<ProbeMark> marks,
        IReadOnlyList<LocalEvent> events,
        IReadOnlyList<UserSample> samples,
        bool hello,
        bool resumed = false)
    {
        var update = new JsonObject { ["run"] = run, ["now"] = now.ToUnixTimeMilliseconds() };
        if (hello)
        {
            update["hello"] = true;
            update["resumed"] = resumed;
        }

        if (facts is not null)
        {
            update["facts"] = facts;
        }

        if (present is not null)
        {
            update["present"] = JsonNode.Parse(present);
        }

        if (marks.Count > 0)
        {
            update["marks"] = new JsonArray([.. marks.Select(mark => (JsonNode)new JsonArray(
                mark.Pod, Name(mark.Prober), mark.At.ToUnixTimeMilliseconds(), mark.Passed ? 1 : 0, Math.Round(mark.Took.TotalMilliseconds, 1), mark.Message))]);
        }

        if (events.Count > 0)
        {
            update["events"] = JsonSerializer.SerializeToNode(events, Json);
        }

        if (samples.Count > 0)
        {
            update["samples"] = JsonSerializer.SerializeToNode(samples, Json);
        }

        return update;
    }

    private static string Name(ProberKind prober) => prober.ToString().ToLowerInvariant();
}
