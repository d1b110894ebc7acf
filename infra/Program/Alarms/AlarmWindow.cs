using Candor.Contract;

namespace Candor.Program.Alarms;

/// <summary>How many minutes in a row must be bad.</summary>
/// <param name="Minutes">Evaluation periods of one minute, all of which must breach.</param>
internal readonly record struct AlarmWindow(int Minutes)
{
    /// <summary>The period of every alarm in seconds: the finest that the balancer's metrics have.</summary>
    public const int PeriodSeconds = 60;

    /// <summary>As soon as the balancer itself can have noticed.</summary>
    public static AlarmWindow Detection(ContractTimeline timeline) => Covering(timeline.BalancerNoticesFailure.Worst);

    /// <summary>Longer than a rolling update takes, so that one is no alarm.</summary>
    public static AlarmWindow BeyondRollout(ContractTimeline timeline) =>
        Covering(TimeSpan.FromTicks(Math.Max(timeline.RollingUpdate.Worst.Ticks, timeline.BalancerNoticesFailure.Worst.Ticks)));

    private static AlarmWindow Covering(TimeSpan time) => new(Math.Max(1, (int)Math.Ceiling(time.TotalSeconds / PeriodSeconds)));
}
