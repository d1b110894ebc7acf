using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>One line of a log: the message of a JSON console line, or the line itself.</summary>
internal sealed partial record LogLine(DateTimeOffset? At, string? Level, string Message)
{
    // Written by the runtime or the framework at every start; they explain nothing.
    private static readonly string[] Noise =
        ["Cannot load library", "Error: lib", "Now listening on", "Application started", "Hosting environment", "Content root path"];

    /// <summary>Whether it may tell why the process ended.</summary>
    internal bool IsTelling => Message.Length > 0 && !Array.Exists(Noise, noise => Message.StartsWith(noise, StringComparison.Ordinal))
        && !Message.StartsWith("   at ", StringComparison.Ordinal) && Level is not ("Information" or "Debug" or "Trace");

    /// <summary>The address that the server says it listens on, or null.</summary>
    internal string? Listening => ListeningOn().Match(Message) is { Success: true } match ? match.Groups[1].Value : null;

    internal static IReadOnlyList<LogLine> Read(string text) =>
        [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0).Select(Of)];

    private static LogLine Of(string line)
    {
        if (line.StartsWith('{'))
        {
            try
            {
                var json = PlanValue.Parse(line);
                var message = json["Message"].Text ?? json["message"].Text ?? json["msg"].Text ?? json["@m"].Text ?? json["@mt"].Text;
                if (message is not null)
                {
                    var exception = json["Exception"].Text ?? json["exception"].Text;
                    return new(
                        Time(json["Timestamp"].Text ?? json["timestamp"].Text ?? json["time"].Text ?? json["@t"].Text),
                        json["LogLevel"].Text ?? json["level"].Text ?? json["@l"].Text,
                        exception is null ? message : $"{message} {exception.Split('\n')[0]}");
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // Cut, or no JSON after all: the line itself.
            }
        }

        return new(null, null, line);
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time) ? time : null;

    [GeneratedRegex(@"(?:[Ll]istening|[Ss]erving|[Ss]tarted|[Rr]unning)\s(?:\w+\s){0,3}?(?:on|at)\s*:?\s*(?:port\s*:?\s*)?((?:https?://)?[^\s""',;]*:?\d{2,5})")]
    private static partial Regex ListeningOn();
}
