using System.Globalization;

namespace Candor.Local;

/// <summary>A pod that should be a target.</summary>
/// <param name="TargetGroup">The target group.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Address">Where requests go.</param>
/// <param name="Port">Their port.</param>
/// <param name="CheckAddress">Where checks go when their port is another one; null for the same.</param>
internal sealed record WantedTarget(string TargetGroup, string Pod, string Address, int Port, string? CheckAddress = null);

/// <summary>
/// Which pod is in which of HAProxy's slots, with an ALB's states over HAProxy's: a new target is initial until its first check
/// passed, a deregistered one drains until its requests are done or the delay is over.
/// </summary>
internal sealed class TargetRegistry(IReadOnlyDictionary<string, TargetGroupSpec> groups, TimeProvider time)
{
    private IReadOnlyDictionary<string, TargetGroupSpec> _groups = groups;
    private readonly List<Target> _targets = [];
    private readonly Dictionary<string, long> _served = new(StringComparer.Ordinal);

    /// <summary>Every registered target.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>Goes over to other deregistration delays, for targets that drain already too.</summary>
    public void Apply(IReadOnlyDictionary<string, TargetGroupSpec> groups) => _groups = groups;

    /// <summary>HAProxy was started anew and knows nothing: everything has to be registered again.</summary>
    public void Clear()
    {
        _targets.Clear();
        _served.Clear();
    }

    /// <summary>The commands that make HAProxy's slots follow <paramref name="wanted"/>.</summary>
    public IReadOnlyList<string> Follow(IReadOnlyCollection<WantedTarget> wanted)
    {
        var commands = new List<string>();
        foreach (var target in _targets.Where(t => t.State != TargetState.Draining && !wanted.Contains(t.Wanted)))
        {
            target.State = TargetState.Draining;
            target.DrainingSince = time.GetUtcNow();
            commands.Add($"set server {target.Slot} state drain");
            commands.Add($"set server {target.OpenSlot} state drain");
        }

        foreach (var target in wanted.Where(w => !_targets.Exists(t => t.Wanted == w && t.State != TargetState.Draining)))
        {
            commands.AddRange(Register(target));
        }

        return commands;
    }

    /// <summary>Takes in what HAProxy tells, and answers with the commands that follow from it.</summary>
    public IReadOnlyList<string> Observe(IReadOnlyList<HaproxyServer> servers)
    {
        var known = servers.ToDictionary(s => $"{s.Backend}/{s.Server}", StringComparer.Ordinal);
        var commands = new List<string>();
        foreach (var (slot, server) in known)
        {
            _served[slot] = server.Total;
        }

        foreach (var target in _targets.ToList())
        {
            if (!known.TryGetValue(target.Slot, out var server) || !known.TryGetValue(target.OpenSlot, out var open))
            {
                continue;
            }

            target.Requests = server.Total + open.Total - target.RequestsBefore;
            target.Reason = server.Check;
            if (target.State == TargetState.Draining)
            {
                commands.AddRange(Leave(target, server.Current + open.Current));
            }
            else if (target.State == TargetState.Initial)
            {
                commands.AddRange(Promote(target, server.Health));
            }
            else
            {
                target.State = server.Status.StartsWith("UP", StringComparison.Ordinal) ? TargetState.Healthy : TargetState.Unhealthy;
            }
        }

        return commands;
    }

    private IEnumerable<string> Register(WantedTarget wanted)
    {
        var slot = Enumerable.Range(1, HaproxyConfiguration.Slots).First(n => !_targets.Exists(t => t.Wanted.TargetGroup == wanted.TargetGroup && t.Number == n));
        var target = new Target(wanted, slot);
        target.RequestsBefore = _served.GetValueOrDefault(target.Slot) + _served.GetValueOrDefault(target.OpenSlot);
        _targets.Add(target);
        var address = string.Create(CultureInfo.InvariantCulture, $"addr {wanted.Address} port {wanted.Port}");
        yield return $"set server {target.Slot} {address}";
        if (wanted.CheckAddress is { } check)
        {
            yield return $"set server {target.Slot} check-addr {check}";
        }

        // In drain it is checked but gets nothing: HAProxy would send to a new server until its first check failed.
        yield return $"set server {target.Slot} state drain";
        yield return $"set server {target.OpenSlot} {address}";
        yield return $"set server {target.OpenSlot} state ready";
    }

    /// <summary>
    /// HAProxy starts a server's counter at <c>rise</c>; it leaves that with the first check, upwards when it passed and to 0 when
    /// not. Any value between means that one passed after a failure.
    /// </summary>
    private IEnumerable<string> Promote(Target target, int health)
    {
        var rise = _groups[target.Wanted.TargetGroup].HealthyThreshold;
        if (health == 0 || health == rise)
        {
            yield break;
        }

        target.State = TargetState.Healthy;
        yield return $"set server {target.Slot} health up";
        yield return $"set server {target.Slot} state ready";
    }

    private IEnumerable<string> Leave(Target target, int inFlight)
    {
        if (inFlight > 0 && time.GetUtcNow() - target.DrainingSince < _groups[target.Wanted.TargetGroup].DeregistrationDelay)
        {
            yield break;
        }

        _targets.Remove(target);
        foreach (var slot in new[] { target.Slot, target.OpenSlot })
        {
            yield return $"set server {slot} state maint";
            yield return $"shutdown sessions server {slot}";
        }
    }

    internal sealed class Target(WantedTarget wanted, int number)
    {
        public WantedTarget Wanted { get; } = wanted;

        public int Number { get; } = number;

        public string Slot => $"{Wanted.TargetGroup}/t{Number}";

        public string OpenSlot => $"{HaproxyConfiguration.OpenBackend(Wanted.TargetGroup)}/t{Number}";

        public TargetState State { get; set; } = TargetState.Initial;

        public DateTimeOffset DrainingSince { get; set; }

        public string Reason { get; set; } = string.Empty;

        public long Requests { get; set; }

        /// <summary>What the slot had served for others before.</summary>
        public long RequestsBefore { get; set; }
    }
}
