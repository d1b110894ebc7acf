namespace Candor.Contract;

/// <summary>
/// The times that follow from the contract's numbers: detection, recovery, drain and rolling update. Printed in the
/// preview, exported as a stack output, and the bound that tests measure against.
/// </summary>
/// <remarks>
/// A prober that asks every <c>interval</c> notices a failure at best when the fault comes just before a probe that fails at
/// once: (threshold − 1) × interval; at worst when it comes just after a probe and the last answer times out:
/// threshold × interval + timeout. Interval 10 s, timeout 5 s, threshold 3 give 20 s–35 s. A recovery takes what a failure takes, and
/// before it what the app needs to call itself ready again (<see cref="ReadyAgain"/>).
/// </remarks>
public sealed record ContractTimeline
{
    // As the health engine has them.
    private const int QuietInFreshness = 8;
    private const int SuccessesForRepair = 3;

    private static readonly TimeSpan LongestUpdate = TimeSpan.FromDays(3650);

    /// <summary>Until the balancer stops sending to a target that failed.</summary>
    public required TimeWindow BalancerNoticesFailure { get; init; }

    /// <summary>
    /// From the repair until the app answers ready. At worst a circuit breaker lets nothing through for one freshness bound more, a canary
    /// of before the repair fails at its timeout, the evidence of the repair takes its longest, an answer of just before is reused for the
    /// freshness bound, and an evaluation takes its whole budget. Evidence comes from canaries; where a critical operation has none, an
    /// instance that gets no requests is tried again after the readmission delay.
    /// </summary>
    public required TimeWindow ReadyAgain { get; init; }

    /// <summary>From the repair until the balancer sends again to a target that recovered.</summary>
    public required TimeWindow BalancerNoticesRecovery { get; init; }

    /// <summary>Until Kubernetes calls a failed pod unready.</summary>
    public required TimeWindow ReadinessNoticesFailure { get; init; }

    /// <summary>From the repair until Kubernetes calls a recovered pod ready.</summary>
    public required TimeWindow ReadinessNoticesRecovery { get; init; }

    /// <summary>Until the kubelet begins to restart a container whose liveness fails.</summary>
    public required TimeWindow LivenessNoticesFailure { get; init; }

    /// <summary>From container start until the kubelet restarts a container that does not start.</summary>
    public required TimeWindow StartupGivesUp { get; init; }

    /// <summary>
    /// From SIGTERM (or preStop) until the server refuses connections: at best once the balancer has noticed, at worst the hold.
    /// </summary>
    public required TimeWindow StopServing { get; init; }

    /// <summary>From SIGTERM (or preStop) until the last request has ended.</summary>
    public required TimeWindow LastRequest { get; init; }

    /// <summary>A whole rolling update, until the last new pod is available.</summary>
    public required TimeWindow RollingUpdate { get; init; }

    /// <summary>The timeline of a valid contract and a Deployment's shape.</summary>
    public static ContractTimeline Of(HealthContract contract, RolloutShape rollout)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(rollout);
        var balancer = contract.Balancer;
        var drain = contract.Drain;
        var noticesFailure = Notice(balancer.Interval, balancer.Timeout, balancer.UnhealthyThreshold);
        var noticesRecovery = Notice(balancer.Interval, balancer.Timeout, balancer.HealthyThreshold);
        var readinessRecovery = Notice(contract.Readiness.Period, contract.Readiness.Timeout, contract.Readiness.SuccessThreshold);
        var startup = contract.Startup.InitialDelay + (contract.Startup.Period * contract.Startup.FailureThreshold);
        var served = drain.PreStop + drain.Hold;
        var observed = drain.PreStop + TimeSpan.FromTicks(Math.Min(drain.Hold.Ticks, noticesFailure.Best.Ticks));

        var readyAgain = new TimeWindow(
            TimeSpan.Zero,
            contract.Freshness + LongestCanary(contract) + LongestEvidence(contract) + contract.Freshness + contract.Budget.Deadline);

        return new()
        {
            BalancerNoticesFailure = noticesFailure,
            ReadyAgain = readyAgain,
            BalancerNoticesRecovery = After(readyAgain, noticesRecovery),
            ReadinessNoticesFailure = Notice(contract.Readiness.Period, contract.Readiness.Timeout, contract.Readiness.FailureThreshold),
            ReadinessNoticesRecovery = After(readyAgain, readinessRecovery),
            LivenessNoticesFailure = Notice(contract.Liveness.Period, contract.Liveness.Timeout, contract.Liveness.FailureThreshold),
            StartupGivesUp = new(startup, startup + contract.Startup.Timeout),
            StopServing = new(observed, served),
            LastRequest = new(observed, served + drain.RequestTimeout),
            RollingUpdate = RollingUpdateOf(contract, rollout, readinessRecovery, noticesRecovery),
        };
    }

    /// <summary>Every duration divided by a speed, see <see cref="Speed"/>.</summary>
    public ContractTimeline Scale(double speed) => new()
    {
        BalancerNoticesFailure = BalancerNoticesFailure.Scale(speed),
        ReadyAgain = ReadyAgain.Scale(speed),
        BalancerNoticesRecovery = BalancerNoticesRecovery.Scale(speed),
        ReadinessNoticesFailure = ReadinessNoticesFailure.Scale(speed),
        ReadinessNoticesRecovery = ReadinessNoticesRecovery.Scale(speed),
        LivenessNoticesFailure = LivenessNoticesFailure.Scale(speed),
        StartupGivesUp = StartupGivesUp.Scale(speed),
        StopServing = StopServing.Scale(speed),
        LastRequest = LastRequest.Scale(speed),
        RollingUpdate = RollingUpdate.Scale(speed),
    };

    /// <summary>The rows in reading order: a stable key for JSON and outputs, a title for people, and the window.</summary>
    public IReadOnlyList<TimelineRow> Rows =>
    [
        new("balancerNoticesFailure", "balancer stops sending to a failed target", BalancerNoticesFailure),
        new("readyAgain", "the app answers ready again after a repair", ReadyAgain),
        new("balancerNoticesRecovery", "balancer sends again to a recovered target", BalancerNoticesRecovery),
        new("readinessNoticesFailure", "Kubernetes calls a failed pod unready", ReadinessNoticesFailure),
        new("readinessNoticesRecovery", "Kubernetes calls a recovered pod ready", ReadinessNoticesRecovery),
        new("livenessNoticesFailure", "kubelet restarts a container that is stuck", LivenessNoticesFailure),
        new("startupGivesUp", "kubelet restarts a container that does not start", StartupGivesUp),
        new("stopServing", "a leaving pod stops serving after SIGTERM", StopServing),
        new("lastRequest", "its last request has ended after SIGTERM", LastRequest),
        new("rollingUpdate", "a rolling update is complete", RollingUpdate),
    ];

    private static TimeWindow Notice(TimeSpan interval, TimeSpan timeout, int threshold) =>
        new(interval * (threshold - 1), (interval * threshold) + timeout);

    private static TimeWindow After(TimeWindow first, TimeWindow then) => new(first.Best + then.Best, first.Worst + then.Worst);

    /// <summary>
    /// From the last failure until the operation counts as healthy: with a few successes after 8 freshness bounds, and canaries
    /// come every fifth of one while something is wrong; without anything tried after the readmission delay.
    /// </summary>
    private static TimeSpan LongestEvidence(HealthContract contract)
    {
        var quiet = contract.Freshness * QuietInFreshness;
        var critical = contract.Operations.Where(operation => operation.Critical && !operation.IsBackground()).ToList();
        var tried = critical.Count > 0 && critical.All(operation => operation.Canary is not null);
        var successes = ((contract.Freshness / 5) + LongestCanary(contract)) * SuccessesForRepair;
        var evidence = tried ? successes : contract.Watchdog.MaximumReadmissionDelay;
        return evidence > quiet ? evidence : quiet;
    }

    private static TimeSpan LongestCanary(HealthContract contract) =>
        contract.Operations.Select(operation => operation.Canary?.Timeout ?? TimeSpan.Zero).Append(TimeSpan.Zero).Max();

    /// <summary>
    /// Each wave waits until its pods have started, are ready, are healthy behind the balancer (readiness gate) and have been ready
    /// for minReadySeconds; old pods drain beside it.
    /// </summary>
    private static TimeWindow RollingUpdateOf(HealthContract contract, RolloutShape rollout, TimeWindow ready, TimeWindow healthy)
    {
        var best = contract.Startup.InitialDelay + healthy.Best + rollout.MinReady;
        // There is no probe before the initial delay is over, however soon the app has started.
        var started = contract.StartupLimit > contract.Startup.InitialDelay ? contract.StartupLimit : contract.Startup.InitialDelay;
        var worst = started + contract.Startup.Period + contract.Startup.Timeout
            + contract.Readiness.InitialDelay + ready.Worst + healthy.Worst + rollout.MinReady;
        return new(Times(best, rollout.Waves), Times(worst, rollout.Waves));
    }

    // A plan from elsewhere may have any number of replicas; the result is limited to years.
    private static TimeSpan Times(TimeSpan duration, int waves) =>
        duration.TotalDays * waves < LongestUpdate.TotalDays ? duration * waves : LongestUpdate;
}

/// <summary>One row of the timeline.</summary>
/// <param name="Key">Its name in JSON and stack outputs.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Window">The soonest and the latest.</param>
public sealed record TimelineRow(string Key, string Title, TimeWindow Window);
