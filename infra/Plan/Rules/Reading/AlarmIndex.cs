namespace Candor.Planning.Rules;

/// <summary>The balancers' alarms of a Plan, by the target group or balancer that they watch. Built once.</summary>
internal sealed class AlarmIndex
{
    private readonly Plan _plan;
    private readonly Dictionary<string, List<Alarm>> _byResource = new(StringComparer.Ordinal);
    private readonly List<Alarm> _ofAny = [];
    private readonly HashSet<string> _known;
    private readonly Dictionary<string, PlanResource> _bySuffix = new(StringComparer.Ordinal);

    internal AlarmIndex(LintScope scope)
    {
        _plan = scope.Plan;
        foreach (var resource in scope.OfType(ResourceTypes.TargetGroup).Concat(scope.OfType(ResourceTypes.LoadBalancer)))
        {
            if (SuffixOf(resource) is { } suffix)
            {
                _bySuffix.TryAdd(suffix, resource);
            }
        }

        _known = [.. _bySuffix.Values.Select(resource => resource.CanonicalType)];
        All = [.. scope.OfType(ResourceTypes.MetricAlarm).Select(resource => new Alarm(resource)).Where(alarm => alarm.Names.Count > 0 || alarm.HasUnknown)];
        HasUnknown = All.Any(alarm => alarm.HasUnknown);
        foreach (var alarm in All)
        {
            Add(alarm, "TargetGroup");
            Add(alarm, "LoadBalancer");
        }
    }

    internal IReadOnlyList<Alarm> All { get; }

    /// <summary>Whether of some alarm nobody can say what it looks at.</summary>
    internal bool HasUnknown { get; }

    /// <summary>The alarms that watch a target group or balancer, or may do so because their dimension is unknown.</summary>
    internal IEnumerable<Alarm> Of(PlanResource resource) => (_byResource.GetValueOrDefault(resource.Urn) ?? []).Concat(_ofAny);

    private void Add(Alarm alarm, string dimension)
    {
        foreach (var metric in alarm.Metrics)
        {
            var value = metric["dimensions"][dimension];
            var found = value.Text is { } text ? _plan.Index.Resolve(text) ?? _bySuffix.GetValueOrDefault(text) : null;
            if (found is not null)
            {
                if (!_byResource.TryGetValue(found.Urn, out var alarms))
                {
                    _byResource[found.Urn] = alarms = [];
                }

                // Alarms are added one after the other: it is the last one, or not among them.
                if (alarms.Count == 0 || alarms[^1] != alarm)
                {
                    alarms.Add(alarm);
                }
            }
            else if ((metric["dimensions"].IsUnknown() || value.IsUnknown() || (value.Exists && !KnowsArns(dimension))) && (_ofAny.Count == 0 || _ofAny[^1] != alarm))
            {
                _ofAny.Add(alarm);
            }
        }
    }

    // Without ARNs in the Plan, a dimension that is written out cannot be told to be another's.
    private bool KnowsArns(string dimension) => _known.Contains(dimension == "TargetGroup" ? ResourceTypes.TargetGroup : ResourceTypes.LoadBalancer);

    // An alarm's dimension is the end of the ARN: targetgroup/name/id, and app/name/id of loadbalancer/app/name/id.
    private static string? SuffixOf(PlanResource resource)
    {
        var arn = resource.Arn ?? resource.Id;
        if (arn is null || !arn.StartsWith("arn:", StringComparison.Ordinal) || PlanValueReading.IsUnknown(arn))
        {
            return null;
        }

        var end = arn[(arn.LastIndexOf(':') + 1)..];
        const string Balancer = "loadbalancer/";
        return end.StartsWith(Balancer, StringComparison.Ordinal) ? end[Balancer.Length..] : end;
    }
}
