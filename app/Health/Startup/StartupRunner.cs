using Candor.Contract;
using Candor.Health.Checks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Startup;

/// <summary>Runs the start-up tasks one after another, in the order they were added, while the server already answers "starting".</summary>
internal sealed class StartupRunner(
    IEnumerable<StartupTask> tasks,
    StartupProgress progress,
    IHostApplicationLifetime host,
    IServiceProvider services,
    TimeProvider time,
    Func<Task> completed,
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

        await completed().ConfigureAwait(false);
        if (await HasStartedAsync(stoppingToken).ConfigureAwait(false))
        {
            log.Completed();
        }
    }

    // The host may still fail to start, for example on a port that is taken.
    private async Task<bool> HasStartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = host.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
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
                    log.TaskFailed(task.Name, why);
                    return false;
                }

                log.TaskRetries(task.Name, DurationText.Format(delay), why);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }
}
