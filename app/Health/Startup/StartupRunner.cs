using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Serving;
using Candor.Health.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Startup;

/// <summary>Runs the start-up tasks one after another, in the order they were added, while the server already answers "starting".</summary>
internal sealed class StartupRunner(
    IEnumerable<StartupTask> tasks,
    StartupProgress progress,
    HealthService health,
    PublicEndpoints endpoints,
    IServiceProvider services,
    TimeProvider time,
    ILogger<StartupRunner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        progress.Begin();
        foreach (var task in tasks)
        {
            if (!await EndAsync(task, stoppingToken).ConfigureAwait(false))
            {
                return;
            }
        }

        log.LogInformation("health: start-up complete");

        // The first answer is made beside the start of the server rather than by the first prober, who would wait for it.
        endpoints.Render(await health.AskAsync(Scope.Full).ConfigureAwait(false));
    }

    private async Task<bool> EndAsync(StartupTask task, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await task.Run(services, stop).ConfigureAwait(false);
                progress.End(task.Name);
                return true;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception exception)
            {
                var why = FailureReason.Describe(exception);
                progress.Fail(task.Name, why);
                if (task.RetryDelay is not { } delay)
                {
                    log.LogError("health: start-up task {Task} failed, and the instance stays out: {Why}", task.Name, why);
                    return false;
                }

                log.LogWarning("health: start-up task {Task} failed and is tried again in {Delay}: {Why}", task.Name, DurationText.Format(delay), why);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }
}
