namespace Candor.Contract;

/// <summary>
/// What must hold between two numbers, wherever they are set: the contract's validator passes the contract's fields, the lint
/// rules a Plan's resources. Each returns null when it holds. The arithmetic is only here.
/// </summary>
public static class Invariants
{
    /// <summary>HC003: a balancer probe must have ended before the next begins.</summary>
    public static Violation? TimeoutBelowInterval(Named<TimeSpan> timeout, Named<TimeSpan> interval) =>
        timeout.Value < interval.Value ? null : new(
            "HC003",
            timeout.Name,
            Text(timeout),
            $"less than {interval.Name} ({Text(interval)})",
            "A probe would still be waiting when the next one starts.",
            $"Lower {timeout.Name} or raise {interval.Name}.");

    /// <summary>HC003: a value must lie within what AWS accepts.</summary>
    public static Violation? WithinRange(Named<double> value, double minimum, double maximum, string unit, string id = "HC003") =>
        value.Value >= minimum && value.Value <= maximum ? null : new(
            id,
            value.Name,
            $"{value.Value:0.###}{unit}",
            $"{minimum:0.###}{unit} to {maximum:0.###}{unit}",
            "It lies outside what is accepted.",
            $"Choose {value.Name} from {minimum:0.###}{unit} to {maximum:0.###}{unit}.");

    /// <summary>HC006 for the balancer, PR009 for a kubelet probe: the prober must wait longer than the app may take.</summary>
    public static Violation? TimeoutAboveBudget(string id, Named<TimeSpan> timeout, Named<TimeSpan> budget, TimeSpan margin) =>
        timeout.Value > budget.Value + margin ? null : new(
            id,
            timeout.Name,
            Text(timeout),
            $"more than {budget.Name} ({Text(budget)}) + margin ({DurationText.Format(margin)})",
            "A healthy but slow answer would count as a failure.",
            $"Raise {timeout.Name} or lower {budget.Name}.");

    /// <summary>PR009: a kubelet probe must have ended when the next begins.</summary>
    public static Violation? TimeoutWithinPeriod(Named<TimeSpan> timeout, Named<TimeSpan> period) =>
        timeout.Value <= period.Value ? null : new(
            "PR009",
            timeout.Name,
            Text(timeout),
            $"at most {period.Name} ({Text(period)})",
            "Probes would pile up.",
            $"Lower {timeout.Name} or raise {period.Name}.");

    /// <summary>PR007: Kubernetes refuses any other success threshold for liveness and startup.</summary>
    public static Violation? SuccessThresholdIsOne(Named<int> threshold) =>
        threshold.Value == 1 ? null : new(
            "PR007",
            threshold.Name,
            $"{threshold.Value}",
            "1",
            "The Kubernetes API refuses any other value for liveness and startup.",
            $"Set {threshold.Name} to 1.");

    /// <summary>PR008: the startup probe must allow as much time as the app may take to start.</summary>
    /// <param name="budget">period × failures of the startup probe.</param>
    /// <param name="limit">The contract's start-up limit.</param>
    public static Violation? StartupBudgetCoversLimit(Named<TimeSpan> budget, Named<TimeSpan> limit) =>
        budget.Value >= limit.Value ? null : new(
            "PR008",
            budget.Name,
            Text(budget),
            $"at least {limit.Name} ({Text(limit)})",
            "The kubelet would kill an app that is still starting within its limit.",
            $"Raise the startup probe's period or failure threshold, or lower {limit.Name}.");

    /// <summary>GS001: balancers must have stopped sending requests before the server stops.</summary>
    /// <param name="leaving">preStop + hold: from "leave" to "stop serving".</param>
    /// <param name="propagation">How long the deregistration takes to reach every balancer node and kube-proxy.</param>
    /// <param name="deregistrationDelay">How long the balancer keeps a deregistered target's connections.</param>
    public static Violation? HoldCoversDeregistration(
        Named<TimeSpan> leaving, Named<TimeSpan> propagation, Named<TimeSpan> deregistrationDelay) =>
        leaving.Value >= propagation.Value + deregistrationDelay.Value ? null : new(
            "GS001",
            leaving.Name,
            Text(leaving),
            $"at least {propagation.Name} ({Text(propagation)}) + {deregistrationDelay.Name} ({Text(deregistrationDelay)})",
            "The balancer would still send requests to a server that has stopped.",
            $"Raise hold or preStop to {DurationText.Format(propagation.Value + deregistrationDelay.Value)}, or lower "
                + $"{deregistrationDelay.Name}.");

    /// <summary>GS002: SIGKILL must not come before the last request has ended.</summary>
    public static Violation? GraceCoversDrain(
        Named<TimeSpan> grace, Named<TimeSpan> leaving, Named<TimeSpan> requestTimeout, TimeSpan margin) =>
        grace.Value >= leaving.Value + requestTimeout.Value + margin ? null : new(
            "GS002",
            grace.Name,
            Text(grace),
            $"at least {leaving.Name} ({Text(leaving)}) + {requestTimeout.Name} ({Text(requestTimeout)}) + margin "
                + $"({DurationText.Format(margin)})",
            "The kubelet would kill the process with requests in flight.",
            $"Raise {grace.Name} to {DurationText.Format(leaving.Value + requestTimeout.Value + margin)}.");

    /// <summary>GS003: a deregistered target must be allowed to finish its longest request.</summary>
    public static Violation? DeregistrationCoversRequest(Named<TimeSpan> deregistrationDelay, Named<TimeSpan> requestTimeout) =>
        deregistrationDelay.Value >= requestTimeout.Value ? null : new(
            "GS003",
            deregistrationDelay.Name,
            Text(deregistrationDelay),
            $"at least {requestTimeout.Name} ({Text(requestTimeout)})",
            "The balancer would cut the longest requests of a leaving target.",
            $"Raise {deregistrationDelay.Name} or lower {requestTimeout.Name}.");

    /// <summary>GS003: there is no use in a deregistration that outlives the process.</summary>
    public static Violation? DeregistrationWithinGrace(Named<TimeSpan> deregistrationDelay, Named<TimeSpan> grace) =>
        deregistrationDelay.Value <= grace.Value ? null : new(
            "GS003",
            deregistrationDelay.Name,
            Text(deregistrationDelay),
            $"at most {grace.Name} ({Text(grace)})",
            "The process would be gone while the balancer still counts on it.",
            $"Lower {deregistrationDelay.Name} or raise {grace.Name}.");

    /// <summary>GS004: the side that closes an idle connection must be the balancer.</summary>
    public static Violation? KeepAliveOutlastsIdleTimeout(Named<TimeSpan> keepAlive, Named<TimeSpan> idleTimeout) =>
        keepAlive.Value > idleTimeout.Value ? null : new(
            "GS004",
            keepAlive.Name,
            Text(keepAlive),
            $"more than {idleTimeout.Name} ({Text(idleTimeout)})",
            "The balancer would send a request into a connection that the server is closing, and answer 502.",
            $"Raise {keepAlive.Name} or lower {idleTimeout.Name}.");

    /// <summary>DB001: the server must have a slot for every connection that all pods together may open.</summary>
    /// <param name="demand">What the pods of all services open, see <see cref="ConnectionDemand"/>.</param>
    /// <param name="maximum">The server's <c>max_connections</c>.</param>
    public static Violation? ConnectionsFit(Named<long> demand, Named<int> maximum) =>
        demand.Value <= maximum.Value - ConnectionDemand.Reserved ? null : new(
            "DB001",
            maximum.Name,
            $"{maximum.Value}",
            $"at least {demand.Name} ({demand.Value}) + reserved ({ConnectionDemand.Reserved})",
            "The server would refuse connections during a rolling update, with requests that need them.",
            $"Raise {maximum.Name} to {ConnectionDemand.MaximumFor(demand.Value)}, or lower connections or maxReplicas.");

    /// <summary>
    /// HC004: the matcher must accept what the app answers when healthy (200) and refuse what it answers otherwise (503).
    /// </summary>
    public static Violation? MatcherTellsHealthyFromUnhealthy(Named<string> matcher)
    {
        var fix = $"Set {matcher.Name} to 200.";
        if (!StatusCodes.TryParse(matcher.Value, out var codes))
        {
            return new(
                "HC004",
                matcher.Name,
                $"\"{matcher.Value}\"",
                "codes from 200 to 599 such as 200, 200,204 or 200-299",
                "The balancer could not read it.",
                fix);
        }

        if (!codes.Contains(StatusCodes.Healthy))
        {
            return new(
                "HC004",
                matcher.Name,
                $"\"{matcher.Value}\"",
                $"codes that include {StatusCodes.Healthy}",
                "A healthy instance would be ejected.",
                fix);
        }

        return codes.Contains(StatusCodes.Unhealthy)
            ? new(
                "HC004",
                matcher.Name,
                $"\"{matcher.Value}\"",
                $"codes without {StatusCodes.Unhealthy}",
                "An instance that reports itself unhealthy would pass.",
                fix)
            : null;
    }

    /// <summary>PR004: restarting and routing are two questions, so they must be asked at two places.</summary>
    public static Violation? LivenessIsNotReadiness(Named<string> liveness, Named<string> readiness) =>
        liveness.Value != readiness.Value ? null : new(
            "PR004",
            liveness.Name,
            $"\"{liveness.Value}\"",
            $"another endpoint than {readiness.Name} (\"{readiness.Value}\")",
            "A failed dependency would restart every instance.",
            $"Give {liveness.Name} an endpoint that evaluates no dependency, such as /healthz.");

    private static string Text(Named<TimeSpan> duration) => DurationText.Format(duration.Value);
}

/// <summary>A value together with where it stands, so that a message can name both.</summary>
/// <param name="Name">Where: a contract path such as <c>balancer.timeout</c>, or a resource's property.</param>
/// <param name="Value">The value.</param>
public readonly record struct Named<T>(string Name, T Value);
