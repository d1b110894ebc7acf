using System.Globalization;

namespace Candor.Local;

/// <summary>A flow that the stack needs, and whether the Plan's rules let it through.</summary>
internal sealed record NeededFlow(string From, string To, int Port, FlowAccess Access)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} to {To}, port {Port}");
}

/// <summary>
/// Warns of flows that are needed and that the Plan's rules close: the balancer's to its targets, the monitoring's, and a pod's to a
/// Service that its environment names. Other flows that the rules close are closed on purpose and not reported.
/// </summary>
internal sealed class ClosedFlows(Action<LocalEventKind, string, string> report)
{
    private const string Subject = "network";
    private Dictionary<string, string> _closed = [];

    /// <summary>
    /// Reports in one line how many needed flows a Plan closes, which, and by which rule, and in another the flows it has opened.
    /// </summary>
    public void Say(IEnumerable<NeededFlow> needed)
    {
        var flows = needed.ToList();
        var before = _closed;
        _closed = [];
        foreach (var flow in flows.Where(flow => !flow.Access.IsOpen))
        {
            _closed[flow.ToString()] = flow.Access.StoppedBy!;
        }

        var closed = _closed.Where(flow => before.GetValueOrDefault(flow.Key) != flow.Value)
            .Select(flow => $"{flow.Key} ({flow.Value})")
            .ToList();
        if (closed.Count > 0)
        {
            report(
                LocalEventKind.Warning,
                Subject,
                $"{Count(closed.Count, "is", "are")} closed by the Plan's rules; connections there time out: {string.Join("; ", closed)}");
        }

        var opened = before.Keys.Where(flow => !_closed.ContainsKey(flow) && flows.Exists(f => f.ToString() == flow)).ToList();
        if (opened.Count > 0)
        {
            report(LocalEventKind.Progress, Subject, $"{Count(opened.Count, "is", "are")} open now: {string.Join("; ", opened)}");
        }
    }

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} needed {(count == 1 ? "flow" : "flows")} {(count == 1 ? one : many)}");
}
