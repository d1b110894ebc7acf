using Candor.Contract;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Drain;

/// <summary>
/// Continues serving while the instance drains, and stops the host when no requests arrive any more: when all probers were notified
/// and no request came for the propagation time, at the latest when the hold ends.
/// </summary>
internal sealed class Drainer(
    HealthContract contract,
    DrainState state,
    ProberLedger probers,
    Traffic traffic,
    IHostApplicationLifetime host,
    TimeProvider time,
    ILogger<Drainer> log)
{
    /// <summary>Leaves. Called once, after <see cref="DrainState.Begin"/>.</summary>
    public async Task LeaveAsync()
    {
        log.Draining(state.Cause, DurationText.Format(contract.Drain.Hold));
        var look = Shorter(contract.Drain.Propagation / 10, TimeSpan.FromMilliseconds(250));
        string why;
        while (!MayStop(out why))
        {
            var left = contract.Drain.Hold - time.GetElapsedTime(state.BeganAt);
            await Task.Delay(Shorter(look, left), time, host.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (host.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }
        }

        log.StopsServer(DurationText.Format(time.GetElapsedTime(state.BeganAt)), why);
        host.StopApplication();
    }

    private bool MayStop(out string why)
    {
        var elapsed = time.GetElapsedTime(state.BeganAt);
        if (elapsed >= contract.Drain.Hold)
        {
            why = "the hold has ended";
            return true;
        }

        why = "all probers were notified and no requests arrive";
        return elapsed >= contract.Drain.Propagation && probers.AllNotified && traffic.SinceLastRequest >= contract.Drain.Propagation;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other)
    {
        var shorter = one < other ? one : other;
        return shorter > TimeSpan.FromMilliseconds(1) ? shorter : TimeSpan.FromMilliseconds(1);
    }
}
