using System.Buffers;
using System.Text.Json;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Operations;
using Candor.Health.State;

namespace Candor.Health.Serving;

/// <summary>The JSON of a verdict. The public one names checks and reasons; only the full one, for the management port, has details.</summary>
internal static class AnswerWriter
{
    /// <summary>The most operations in a public answer.</summary>
    public const int MostOperations = 50;

    public static Answer Public(Verdict verdict, TimeSpan? age) => new(verdict.Ready ? 200 : 503, Render(verdict, age, detail: false, null));

    /// <param name="verdict">The verdict.</param>
    /// <param name="age">Age of its evaluation.</param>
    /// <param name="tag">Only checks with this tag are shown; null for all.</param>
    public static Answer Full(Verdict verdict, TimeSpan? age, string? tag) => new(verdict.Ready ? 200 : 503, Render(verdict, age, detail: true, tag));

    /// <summary>Liveness and startup: a word, and whether it is good.</summary>
    public static Answer Word(string status, bool good) =>
        new(good ? 200 : 503, [.. System.Text.Encoding.UTF8.GetBytes($$"""{"status":"{{status}}"}""")]);

    private static System.Collections.Immutable.ImmutableArray<byte> Render(Verdict verdict, TimeSpan? age, bool detail, string? tag)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, verdict.State.Text());
            json.WriteBoolean("ready"u8, verdict.Ready);
            json.WriteString("reason"u8, verdict.RootCause ?? verdict.Reason.Text());
            WriteDuration(json, "age"u8, age);
            json.WriteStartObject("checks"u8);
            foreach (var check in verdict.Checks)
            {
                if (tag is null || check.Tags.Contains(tag))
                {
                    Write(json, check, age, detail);
                }
            }

            json.WriteEndObject();
            json.WriteStartObject("operations"u8);
            foreach (var operation in detail ? verdict.Operations : Shown(verdict.Operations))
            {
                Write(json, operation, detail);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan];
    }

    // An app may have a thousand routes; a prober needs those that are not well, and the first of the others.
    private static IEnumerable<OperationReport> Shown(System.Collections.Immutable.ImmutableArray<OperationReport> operations) =>
        operations.Length <= MostOperations ? operations : operations.OrderByDescending(operation => operation.Status >= Operations.OperationStatus.Slow).Take(MostOperations);

    private static void Write(Utf8JsonWriter json, OperationReport operation, bool detail)
    {
        json.WriteStartObject(operation.Name);
        json.WriteString("status"u8, operation.Status.Text());
        json.WriteString("reason"u8, operation.ReasonText);
        json.WriteNumber("share"u8, Math.Round(operation.Share, 3));
        json.WriteNumber("count"u8, operation.Count);
        json.WriteString("since"u8, operation.Since?.ToString("O"));
        if (operation.OldestAge is { } oldest)
        {
            WriteDuration(json, "oldestAge"u8, Rounded(oldest));
            WriteDuration(json, "sinceProgress"u8, operation.SinceProgress is { } since ? Rounded(since) : null);
        }

        if (detail)
        {
            json.WriteBoolean("critical"u8, operation.Critical);
            WriteDuration(json, "sinceServed"u8, operation.SinceServed is { } served ? Rounded(served) : null);
            WriteDuration(json, "sinceFailed"u8, operation.SinceFailed is { } failed ? Rounded(failed) : null);
        }

        json.WriteEndObject();
    }

    private static TimeSpan Rounded(TimeSpan duration) => TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds));

    private static void Write(Utf8JsonWriter json, CheckReport check, TimeSpan? age, bool detail)
    {
        json.WriteStartObject(check.Name);
        json.WriteString("status"u8, check.OutcomeText);
        json.WriteString("reason"u8, check.Reason.Text());
        if (check.Cause is { } cause && (cause.Code is not null || cause.Reason != check.Reason))
        {
            json.WriteString("cause"u8, check.CauseText);
        }

        WriteDuration(json, "duration"u8, check.Duration);
        WriteDuration(json, "age"u8, age);
        if (detail)
        {
            json.WriteString("scope"u8, check.IsLocal ? "local" : "shared");
            json.WriteString("detail"u8, check.Detail);
            json.WriteStartArray("tags"u8);
            foreach (var name in check.Tags)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteDuration(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? duration)
    {
        if (duration is { } value)
        {
            json.WriteString(name, DurationText.Format(value));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
