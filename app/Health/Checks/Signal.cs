using Candor.Contract;

namespace Candor.Health.Checks;

/// <summary>Makes the reports of the signals: they are about this instance, take no time, and fail hard.</summary>
internal static class Signal
{
    public static CheckReport Report(string name, Reason reason, string? detail) =>
        new(name, reason == Reason.None ? CheckOutcome.Healthy : CheckOutcome.Unhealthy, reason, DependencyScope.Local, TimeSpan.Zero, detail, []);
}
