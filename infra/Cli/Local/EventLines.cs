using System.Globalization;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Local;

/// <summary>Prints what happens in a local stack, a line each: when, about what, what.</summary>
internal sealed class EventLines(IAnsiConsole console, TimeZoneInfo zone) : IProgress<LocalEvent>
{
    private readonly Lock _lock = new();

    public void Report(LocalEvent value)
    {
        var at = TimeZoneInfo.ConvertTime(value.At, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var style = value.Kind switch
        {
            LocalEventKind.Failure => "red",
            LocalEventKind.Warning => "yellow",
            LocalEventKind.Healthy => "green",
            _ => "default",
        };
        lock (_lock)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[grey]{at}[/]  {value.Subject,-22} [{style}]{value.Message}[/]");
        }
    }
}
