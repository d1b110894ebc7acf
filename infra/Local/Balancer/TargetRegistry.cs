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
/// Which pod is in which of HAProxy's slots, with an ALB's states: a target gets requests while its checks find it healthy, and
/// a deregistered one drains until its requests are done or the delay is over.
/// </summary>
internal sealed class TargetRegistry
{
    private readonly TimeProvider _time;
    private readonly List<Target> _targets = [];
    private readonly List<string> _settle = [];
    private readonly Dictionary<string, long> _served = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, TargetGroupSpec> _groups;

    /// <param name="groups">The target groups by name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">
    /// The targets of the process that this one takes over from, which stand in its configuration.
    /// </param>
    public TargetRegistry(IReadOnlyDictionary<string, TargetGroupSpec> groups, TimeProvider time, IReadOnlyList<Target> before)
    {
        _groups = groups;
        _time = time;
        _targets.AddRange(before.Where(
            t => t.State != TargetState.Draining && groups.ContainsKey(t.Wanted.TargetGroup)).Select(t => t.Continued()));
        _settle.AddRange(_targets.SelectMany(Settle));
    }

    /// <summary>Every registered target.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>Goes over to other deregistration delays, for targets that drain already too.</summary>
    public void Apply(IReadOnlyList<TargetGroupSpec> groups) =>
        _groups = _groups.Values.ToDictionary(
            group => group.Name, group => groups.FirstOrDefault(g => g.Name == group.Name) ?? group, StringComparer.Ordinal);

    /// <summary>HAProxy was restarted without state: everything has to be registered again.</summary>
    public void Clear()
    {
        _targets.Clear();
        _settle.Clear();
        _served.Clear();
    }

    /// <summary>The commands that make HAProxy's slots follow <paramref name="wanted"/>.</summary>
    public IReadOnlyList<string> Follow(IReadOnlyCollection<WantedTarget> wanted)
    {
        var commands = new List<string>(_settle);
        _settle.Clear();
        foreach (var target in _targets.Where(t => t.State != TargetState.Draining && !wanted.Contains(t.Wanted)))
        {
            target.State = TargetState.Draining;
            target.DrainingSince = _time.GetUtcNow();
            commands.Add($"set server {target.Slot} state drain");
            commands.Add($"set server {target.OpenSlot} state drain");
        }

        foreach (var target in wanted.Where(w => !_targets.Exists(t => t.Wanted == w && t.State != TargetState.Draining)))
        {
            commands.AddRange(Register(target));
        }

        return commands;
    }

    /// <summary>Takes the state of HAProxy and the results of the checks, and returns the commands that follow from them.</summary>
    public IReadOnlyList<string> Observe(IReadOnlyList<HaproxyServer> servers, Func<WantedTarget, TargetVerdict> verdictOf)
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
            if (target.State == TargetState.Draining)
            {
                commands.AddRange(Leave(target, server.Current + open.Current));
                continue;
            }

            var verdict = verdictOf(target.Wanted);
            target.Reason = verdict.Reason;
            if (target.State != verdict.State)
            {
                target.State = verdict.State;
                commands.Add($"set server {target.Slot} health {(verdict.State == TargetState.Healthy ? "up" : "down")}");
            }
        }

        return commands;
    }

    private IEnumerable<string> Register(WantedTarget wanted)
    {
        var slot = Enumerable.Range(1, HaproxyConfiguration.Slots)
            .First(n => !_targets.Exists(t => t.Wanted.TargetGroup == wanted.TargetGroup && t.Number == n));
        var target = new Target(wanted, slot);
        target.RequestsBefore = _served.GetValueOrDefault(target.Slot) + _served.GetValueOrDefault(target.OpenSlot);
        _targets.Add(target);
        var address = string.Create(CultureInfo.InvariantCulture, $"addr {wanted.Address} port {wanted.Port}");
        yield return $"set server {target.Slot} {address}";
        foreach (var command in Settle(target))
        {
            yield return command;
        }

        yield return $"set server {target.OpenSlot} {address}";
        yield return $"set server {target.OpenSlot} state ready";
    }

    /// <summary>
    /// Enables a disabled server, which is down until it is set up. By way of drain: straight from disabled to ready
    /// it would be up for a moment.
    /// </summary>
    private static IEnumerable<string> Settle(Target target) => target.State == TargetState.Healthy
        ? []
        : [$"set server {target.Slot} state drain", $"set server {target.Slot} health down", $"set server {target.Slot} state ready"];

    private IEnumerable<string> Leave(Target target, int inFlight)
    {
        if (inFlight > 0 && _time.GetUtcNow() - target.DrainingSince < _groups[target.Wanted.TargetGroup].DeregistrationDelay)
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

        /// <summary>The same in a process that begins to count anew.</summary>
        public Target Continued() =>
            new(Wanted, Number) { State = State, Reason = Reason, Requests = Requests, RequestsBefore = -Requests };
    }
}
