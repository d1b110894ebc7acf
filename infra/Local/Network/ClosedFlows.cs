using System.Globalization;

namespace Candor.Local;

/// <summary>
/// Warns of flows that are needed and that the Plan's rules close: the balancer's to its targets, the monitoring's, and a pod's to a
/// Service that its environment names. Whatever else the rules close is closed on purpose, and nobody is told of it.
/// </summary>
internal sealed class ClosedFlows(Action<LocalEventKind, string, string> report)
{
    private readonly Dictionary<(string From, string To, int Port), string> _told = [];

    /// <summary>Says once that a needed flow is closed and by what, and when a changed Plan has opened it.</summary>
    public void Needed(string from, string to, int port, Passage passage)
    {
        var flow = (from, to, port);
        if (passage.StoppedBy is { } by)
        {
            if (_told.GetValueOrDefault(flow) != by)
            {
                _told[flow] = by;
                report(LocalEventKind.Warning, $"{from} to {to}", string.Create(CultureInfo.InvariantCulture, $"port {port} is needed, but gets no answer: {by}"));
            }
        }
        else if (_told.Remove(flow))
        {
            report(LocalEventKind.Progress, $"{from} to {to}", string.Create(CultureInfo.InvariantCulture, $"port {port} is open now"));
        }
    }
}
