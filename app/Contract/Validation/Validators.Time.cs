namespace Candor.Contract;

/// <summary>The checks of the parts that are all about time.</summary>
internal static partial class Validators
{
    internal static void Probes(HealthContract contract, ViolationList violations)
    {
        Probe("readiness", contract.Readiness, contract, violations);
        Probe("liveness", contract.Liveness, contract, violations);
        Probe("startup", contract.Startup, contract, violations);
        violations.Add(Invariants.SuccessThresholdIsOne(new("liveness.successThreshold", contract.Liveness.SuccessThreshold)));
        violations.Add(Invariants.SuccessThresholdIsOne(new("startup.successThreshold", contract.Startup.SuccessThreshold)));
        violations.WholeSeconds("startupLimit", contract.StartupLimit, Second);
        if (contract.Startup.Period > TimeSpan.Zero
            && contract.Startup.FailureThreshold > 0
            && contract.Startup.Period <= TimeSpan.FromDays(1))
        {
            violations.Add(Invariants.StartupBudgetCoversLimit(
                new("startup.period × startup.failureThreshold", contract.Startup.Period * contract.Startup.FailureThreshold),
                new("startupLimit", contract.StartupLimit)));
        }
    }

    internal static void Watchdog(HealthContract contract, ViolationList violations)
    {
        var limits = contract.Watchdog;
        violations.Duration("watchdog.stuckRequestAge", limits.StuckRequestAge, Millisecond);
        violations.AtLeastOne("watchdog.stuckRequestCount", limits.StuckRequestCount);
        violations.Duration("watchdog.threadPoolDelay", limits.ThreadPoolDelay, Millisecond);
        violations.Duration("watchdog.poolWait", limits.PoolWait, Millisecond);
        violations.Share("watchdog.errorRatio", limits.ErrorRatio, 1);
        violations.Duration("watchdog.errorWindow", limits.ErrorWindow, Second);
        violations.AtLeastOne("watchdog.errorMinimumVolume", limits.ErrorMinimumVolume);
        violations.Duration("watchdog.readmissionDelay", limits.ReadmissionDelay, Millisecond);
        violations.Duration("watchdog.maximumReadmissionDelay", limits.MaximumReadmissionDelay, Millisecond);
        violations.Duration("watchdog.livenessLimit", limits.LivenessLimit, Millisecond);
        if (limits.MaximumReadmissionDelay < limits.ReadmissionDelay)
        {
            violations.Add(Compared(
                "CT008",
                "watchdog.maximumReadmissionDelay",
                limits.MaximumReadmissionDelay,
                "at least",
                "watchdog.readmissionDelay",
                limits.ReadmissionDelay,
                "The delay could not grow."));
        }

        if (limits.LivenessLimit < limits.ThreadPoolDelay)
        {
            violations.Add(Compared(
                "CT008",
                "watchdog.livenessLimit",
                limits.LivenessLimit,
                "at least",
                "watchdog.threadPoolDelay",
                limits.ThreadPoolDelay,
                "The process would be restarted before it is taken out of rotation."));
        }
    }

    internal static void Canary(HealthContract contract, ViolationList violations)
    {
        var canary = contract.Canary;
        violations.Duration("canary.interval", canary.Interval, Millisecond);
        violations.Duration("canary.timeout", canary.Timeout, Millisecond);
        violations.AtLeastOne("canary.failureThreshold", canary.FailureThreshold);
        if (canary.Timeout >= canary.Interval)
        {
            violations.Add(Compared(
                "CT009", "canary.timeout", canary.Timeout, "less than", "canary.interval", canary.Interval, "Canaries would pile up."));
        }

        if (canary.Route is { } route && (!route.StartsWith('/') || route.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
        {
            violations.Add(new(
                "CT009",
                "canary.route",
                $"\"{route}\"",
                "a path such as \"/orders?limit=1\"",
                "It could not be requested.",
                "Start it with /, without spaces."));
        }

        var path = canary.Route?.Split('?')[0];
        if (path == contract.Paths.Liveness || path == contract.Paths.Readiness || path == contract.Paths.Startup)
        {
            violations.Add(new(
                "CT009",
                "canary.route",
                $"\"{canary.Route}\"",
                $"another path than the health path \"{path}\"",
                "The canary would only measure the health path.",
                "Choose a route that users use."));
        }
    }

    internal static void Drain(HealthContract contract, ViolationList violations)
    {
        var drain = contract.Drain;
        violations.WholeSeconds("drain.propagation", drain.Propagation, TimeSpan.Zero);
        violations.WholeSeconds("drain.deregistrationDelay", drain.DeregistrationDelay, TimeSpan.Zero);
        violations.WholeSeconds("drain.requestTimeout", drain.RequestTimeout, Second);
        violations.WholeSeconds("drain.preStop", drain.PreStop, TimeSpan.Zero);
        violations.WholeSeconds("drain.hold", drain.Hold, TimeSpan.Zero);
        violations.WholeSeconds("drain.terminationGrace", drain.TerminationGrace, Second);
        violations.WholeSeconds("drain.margin", drain.Margin, TimeSpan.Zero);
        violations.Add(Invariants.WithinRange(
            new("drain.deregistrationDelay", drain.DeregistrationDelay.TotalSeconds), 0, 3600, "s", "GS003"));

        var leaving = new Named<TimeSpan>("drain.preStop + drain.hold", drain.PreStop + drain.Hold);
        var deregistrationDelay = new Named<TimeSpan>("drain.deregistrationDelay", drain.DeregistrationDelay);
        var requestTimeout = new Named<TimeSpan>("drain.requestTimeout", drain.RequestTimeout);
        var grace = new Named<TimeSpan>("drain.terminationGrace", drain.TerminationGrace);
        var uncovered = Invariants.HoldCoversDeregistration(leaving, new("drain.propagation", drain.Propagation), deregistrationDelay);
        violations.Add(uncovered is null ? null : uncovered with { Fix = WholeFix(drain) });
        violations.Add(Invariants.GraceCoversDrain(grace, leaving, requestTimeout, drain.Margin));
        violations.Add(Invariants.DeregistrationCoversRequest(deregistrationDelay, requestTimeout));
        violations.Add(Invariants.DeregistrationWithinGrace(deregistrationDelay, grace));
    }

    // What the hold needs the grace needs too: the whole set at once, or the next run tells of the other number.
    private static string WholeFix(DrainSettings drain)
    {
        var hold = drain.Propagation + drain.DeregistrationDelay - drain.PreStop;
        var grace = drain.PreStop + hold + drain.RequestTimeout + drain.Margin;
        var raise = grace > drain.TerminationGrace
            ? $"Raise drain.hold to {DurationText.Format(hold)} and drain.terminationGrace to {DurationText.Format(grace)}"
            : $"Raise drain.hold to {DurationText.Format(hold)}";
        return $"{raise}, or lower drain.deregistrationDelay.";
    }

    private static void Probe(string name, ProbeSettings probe, HealthContract contract, ViolationList violations)
    {
        violations.WholeSeconds($"{name}.initialDelay", probe.InitialDelay, TimeSpan.Zero);
        violations.WholeSeconds($"{name}.period", probe.Period, Second);
        violations.WholeSeconds($"{name}.timeout", probe.Timeout, Second);
        violations.AtLeastOne($"{name}.failureThreshold", probe.FailureThreshold);
        violations.AtLeastOne($"{name}.successThreshold", probe.SuccessThreshold);
        var timeout = new Named<TimeSpan>($"{name}.timeout", probe.Timeout);
        violations.Add(Invariants.TimeoutAboveBudget(
            "PR009", timeout, new("budget.deadline", contract.Budget.Deadline), contract.Budget.Margin));
        violations.Add(Invariants.TimeoutWithinPeriod(timeout, new($"{name}.period", probe.Period)));
    }

    private static Violation Compared(
        string id, string path, TimeSpan value, string relation, string otherPath, TimeSpan other, string why) => new(
        id,
        path,
        DurationText.Format(value),
        $"{relation} {otherPath} ({DurationText.Format(other)})",
        why,
        $"Change {path} or {otherPath}.");
}
