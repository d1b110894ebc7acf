namespace Candor.Contract;

/// <summary>Divides every duration of a contract, so that a bound of 35 s can be watched in seconds. Never used in production.</summary>
public static class Speed
{
    /// <summary>
    /// The same contract with every duration divided by <paramref name="factor"/>. Its fields need not be whole seconds any more:
    /// validate and hash the contract before, not after. The floor is 1 ms, except for what is zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1 or not a number.</exception>
    public static HealthContract Scale(this HealthContract contract, double factor)
    {
        ArgumentNullException.ThrowIfNull(contract);
        if (!(factor >= 1) || double.IsInfinity(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "A speed is 1 or more.");
        }

        return factor == 1 ? contract : new Scaler(factor).Scale(contract);
    }

    /// <summary>One duration divided by <paramref name="factor"/>, at least 1 ms unless it is zero.</summary>
    public static TimeSpan Scale(this TimeSpan duration, double factor) =>
        duration <= TimeSpan.Zero ? duration : TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (long)(duration.Ticks / factor)));

    private sealed class Scaler(double factor)
    {
        public HealthContract Scale(HealthContract c) => c with
        {
            Balancer = c.Balancer with
            {
                Interval = D(c.Balancer.Interval),
                Timeout = D(c.Balancer.Timeout),
                IdleTimeout = D(c.Balancer.IdleTimeout),
                KeepAlive = D(c.Balancer.KeepAlive),
            },
            Readiness = Scale(c.Readiness),
            Liveness = Scale(c.Liveness),
            Startup = Scale(c.Startup),
            StartupLimit = D(c.StartupLimit),
            Budget = new() { Deadline = D(c.Budget.Deadline), Margin = D(c.Budget.Margin) },
            Freshness = D(c.Freshness),
            Dependencies = [.. c.Dependencies.Select(d => d with { Timeout = D(d.Timeout) })],
            Operations = [.. c.Operations.Select(Scale)],
            OperationLimits = c.OperationLimits with { Window = D(c.OperationLimits.Window) },
            Watchdog = c.Watchdog with
            {
                StuckRequestAge = D(c.Watchdog.StuckRequestAge),
                ThreadPoolDelay = D(c.Watchdog.ThreadPoolDelay),
                PoolWait = D(c.Watchdog.PoolWait),
                ErrorWindow = D(c.Watchdog.ErrorWindow),
                ReadmissionDelay = D(c.Watchdog.ReadmissionDelay),
                MaximumReadmissionDelay = D(c.Watchdog.MaximumReadmissionDelay),
                LivenessLimit = D(c.Watchdog.LivenessLimit),
            },
            Canary = c.Canary with { Interval = D(c.Canary.Interval), Timeout = D(c.Canary.Timeout) },
            Drain = new()
            {
                Propagation = D(c.Drain.Propagation),
                DeregistrationDelay = D(c.Drain.DeregistrationDelay),
                RequestTimeout = D(c.Drain.RequestTimeout),
                PreStop = D(c.Drain.PreStop),
                Hold = D(c.Drain.Hold),
                TerminationGrace = D(c.Drain.TerminationGrace),
                Margin = D(c.Drain.Margin),
            },
        };

        private ProbeSettings Scale(ProbeSettings p) => p with
        {
            InitialDelay = D(p.InitialDelay),
            Period = D(p.Period),
            Timeout = D(p.Timeout),
        };

        private Operation Scale(Operation o) => o with
        {
            LatencyLimit = o.LatencyLimit is { } latency ? D(latency) : null,
            MaximumAge = o.MaximumAge is { } age ? D(age) : null,
            Canary = o.Canary is { } canary ? canary with { Interval = D(canary.Interval), Timeout = D(canary.Timeout) } : null,
        };

        private TimeSpan D(TimeSpan duration) => duration.Scale(factor);
    }
}
