using Candor.Contract;

namespace Candor.Planning;

/// <summary>The pictures of a contract: who notices when, and how an instance leaves.</summary>
public static class TimePictures
{
    /// <summary>From a failure (or recovery) to the moment a prober acts on it.</summary>
    public static TimePicture Detection(ContractTimeline timeline) => new(
        "Detection: failure or recovery at 0",
        [
            Window("balancer stops sending", timeline.BalancerNoticesFailure),
            Window("Kubernetes unready", timeline.ReadinessNoticesFailure),
            Window("kubelet restarts", timeline.LivenessNoticesFailure),
            Window("balancer sends again", timeline.BalancerNoticesRecovery),
            Window("Kubernetes ready again", timeline.ReadinessNoticesRecovery),
        ]);

    /// <summary>From SIGTERM (or preStop) to SIGKILL.</summary>
    public static TimePicture Drain(HealthContract contract)
    {
        var drain = contract.Drain;
        var served = drain.PreStop + drain.Hold;
        var deregistered = drain.Propagation + drain.DeregistrationDelay;
        var lanes = new List<TimeLane>
        {
            Active("deregistration propagating", TimeSpan.Zero, drain.Propagation),
            Active("deregistration delay", drain.Propagation, deregistered),
        };
        if (drain.PreStop > TimeSpan.Zero)
        {
            lanes.Add(Active("preStop sleep", TimeSpan.Zero, drain.PreStop));
        }

        lanes.Add(Active("continues serving (hold)", drain.PreStop, served));
        lanes.Add(Active("last requests end", served, served + drain.RequestTimeout));
        lanes.Add(new("SIGKILL", DurationText.Format(drain.TerminationGrace), [new(drain.TerminationGrace, drain.TerminationGrace, TimeBarKind.Limit)]));
        return new("Drain: termination starts at 0", lanes);
    }

    /// <summary>From the start of a container, or of a rolling update, to its end.</summary>
    public static TimePicture Rollout(ContractTimeline timeline) => new(
        "Rollout: starts at 0",
        [
            Window("start given up", timeline.StartupGivesUp),
            Window("rolling update done", timeline.RollingUpdate),
        ]);

    private static TimeLane Window(string label, TimeWindow window) => new(
        label,
        window.ToString(),
        [new(TimeSpan.Zero, window.Best, TimeBarKind.Waiting), new(window.Best, window.Worst, TimeBarKind.Window)]);

    private static TimeLane Active(string label, TimeSpan from, TimeSpan to) =>
        new(label, new TimeWindow(from, to).ToString(), [new(from, to, TimeBarKind.Active)]);
}
