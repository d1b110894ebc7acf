using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>An event of a cluster, or several alike.</summary>
internal sealed record EventFacts(string Kind, string Name, string Type, string Reason, string Message, int Count, DateTimeOffset? Last,
    DateTimeOffset? First);

/// <summary>The events of a namespace by the object that they are about; bounded, however many there are.</summary>
internal sealed class EventTable
{
    private const int MaximumObjects = 20_000;
    private const int MaximumEach = 40;
    private readonly Dictionary<(string Kind, string Name), List<EventFacts>> _events = [];

    /// <summary>The newest time in any of them.</summary>
    internal DateTimeOffset? Newest { get; private set; }

    internal IReadOnlyList<EventFacts> Of(string kind, string name) => _events.GetValueOrDefault((kind, name)) ?? [];

    internal void Add(PlanValue value)
    {
        var about = value["involvedObject"].Exists ? value["involvedObject"] : value["regarding"];
        var key = (about["kind"].Text ?? string.Empty, about["name"].Text ?? string.Empty);
        var series = value["series"];
        // Events of the newer API have their time in eventTime, and no count.
        var last = PodReader.Time(series["lastObservedTime"]) ?? PodReader.Time(value["lastTimestamp"])
            ?? PodReader.Time(value["deprecatedLastTimestamp"]) ?? PodReader.Time(value["eventTime"])
            ?? PodReader.Time(value["metadata"]["creationTimestamp"]);
        var first = PodReader.Time(value["firstTimestamp"]) ?? PodReader.Time(value["eventTime"]) ?? last;
        if (last > Newest || Newest is null)
        {
            Newest = last;
        }

        if (!_events.TryGetValue(key, out var list))
        {
            if (_events.Count >= MaximumObjects)
            {
                return;
            }

            _events[key] = list = [];
        }

        if (list.Count < MaximumEach)
        {
            list.Add(new(
                key.Item1,
                key.Item2,
                value["type"].Text ?? string.Empty,
                value["reason"].Text ?? string.Empty,
                value["message"].Text ?? value["note"].Text ?? string.Empty,
                Math.Max(1, PodReader.Whole(series["count"].Exists ? series["count"] : value["count"].Exists ? value["count"]
                    : value["deprecatedCount"], 1)),
                last,
                first));
        }
    }
}
