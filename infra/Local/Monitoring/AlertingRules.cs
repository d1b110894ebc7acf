using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Candor.Local;

/// <summary>
/// The Plan's groups of rules with their durations divided by the speed, as every other duration is: waits, intervals, and the
/// windows within expressions. Numbers of seconds in an expression (<c>time() - x > 75</c>) look like any other number and stay.
/// </summary>
internal static partial class AlertingRules
{
    private static readonly string[] _durations = ["for", "keep_firing_for", "interval"];

    /// <summary>The file that Prometheus reads.</summary>
    public static JsonObject File(MonitoringSpec spec, double speed) =>
        new() { ["groups"] = new JsonArray([.. spec.RuleGroups.Select(group => Group(group.ToNode()!.AsObject(), speed))]) };

    /// <summary>An expression's windows (<c>[5m]</c>, <c>[30m:1m]</c>) and offsets, divided by the speed.</summary>
    public static string Expression(string expression, double speed) =>
        Tokens().Replace(expression, token => token.Groups["duration"].Success ? Scaled(token.Value, speed) : token.Value);

    /// <summary>
    /// A duration of Prometheus, such as <c>15s</c> or <c>1h30m</c>, divided by the speed; a text that is none is left to Prometheus to
    /// refuse.
    /// </summary>
    public static string Scaled(string duration, double speed)
    {
        var match = Duration().Match(duration);
        if (!match.Success || speed == 1)
        {
            return duration;
        }

        var milliseconds = match.Groups["part"].Captures.Zip(match.Groups["unit"].Captures)
            .Sum(part => double.Parse(part.First.Value, CultureInfo.InvariantCulture) * Milliseconds(part.Second.Value));
        return milliseconds == 0
            ? duration
            : string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Max(1, Math.Round(milliseconds / speed))}ms");
    }

    private static JsonObject Group(JsonObject group, double speed)
    {
        ScaleDurations(group, speed);
        foreach (var rule in group["rules"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            ScaleDurations(rule, speed);
            if (rule["expr"] is JsonValue expression && expression.TryGetValue(out string? text))
            {
                rule["expr"] = Expression(text, speed);
            }
        }

        return group;
    }

    private static void ScaleDurations(JsonObject part, double speed)
    {
        foreach (var name in _durations)
        {
            if (part[name] is JsonValue value && value.TryGetValue(out string? text))
            {
                part[name] = Scaled(text, speed);
            }
        }
    }

    private static double Milliseconds(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000d,
        _ => 365 * 86_400_000d,
    };

    [GeneratedRegex("^(?:(?<part>[0-9]+)(?<unit>ms|[smhdwy]))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    /// <summary>Texts, comments and names come first, so that nothing within them passes for a duration.</summary>
    [GeneratedRegex("""
        "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*` | \#[^\n]* | [A-Za-z_][A-Za-z0-9_:]* | (?<duration>(?:[0-9]+(?:ms|[smhdwy]))+)
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tokens();
}
