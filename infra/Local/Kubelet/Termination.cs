namespace Candor.Local;

/// <summary>How a container is ended: preStop, the image's stop signal, what is left of the grace, SIGKILL.</summary>
internal sealed class Termination(ChildProcess process, ContainerImage image, ContainerContext context, Node node, GracePeriod grace)
{
    /// <summary>What a container gets after a preStop hook that used up the grace, as the kubelet gives it.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromSeconds(2);

    private readonly long _began = node.Time.GetTimestamp();

    /// <summary>Returns when the process is gone.</summary>
    public async Task EndAsync(PreStop? preStop)
    {
        var least = TimeSpan.Zero;
        if (preStop is not null)
        {
            await PreStopAsync(preStop).ConfigureAwait(false);
            least = Left(TimeSpan.Zero).Left > TimeSpan.Zero ? TimeSpan.Zero : node.Time.GetElapsedTime(_began) + _least;
        }

        process.Send(image.StopSignal);
        while (!process.HasExited && Left(least) is { Left: var left, Shortened: var shortened } && left > TimeSpan.Zero)
        {
            await AnyAsync(left, process.Exited, shortened).ConfigureAwait(false);
        }

        if (!process.HasExited)
        {
            node.Report(LocalEventKind.Warning, context.PodName, "did not exit within its grace period; SIGKILL");
            process.KillSession();
            await process.Exited.ConfigureAwait(false);
        }
    }

    private (TimeSpan Left, Task Shortened) Left(TimeSpan least)
    {
        var (allowed, shortened) = grace.Now();
        return ((allowed == TimeSpan.Zero || allowed > least ? allowed : least) - node.Time.GetElapsedTime(_began), shortened);
    }

    private async Task PreStopAsync(PreStop preStop)
    {
        using var stop = new CancellationTokenSource();
        var hook = HookAsync(preStop, stop.Token);
        while (!hook.IsCompleted
            && !process.HasExited
            && Left(TimeSpan.Zero) is { Left: var left, Shortened: var shortened }
            && left > TimeSpan.Zero)
        {
            await AnyAsync(left, hook, process.Exited, shortened).ConfigureAwait(false);
        }

        if (!hook.IsCompleted && !process.HasExited)
        {
            node.Report(LocalEventKind.Warning, context.PodName, "preStop took longer than the grace period");
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await hook.ConfigureAwait(false);
    }

    private async Task HookAsync(PreStop preStop, CancellationToken cancellationToken)
    {
        try
        {
            switch (preStop)
            {
                case PreStop.Sleep sleep:
                    await Task.Delay(sleep.Duration, node.Time, cancellationToken).ConfigureAwait(false);
                    break;
                case PreStop.Http http:
                    var probe = new ProbeSpec { Action = new ProbeAction.Http(http.Port, http.Path, []), Timeout = grace.Now().Value };
                    await node.Prober.ProbeAsync(
                        probe, context.Address, _ => throw new InvalidOperationException("not a command"), cancellationToken)
                        .ConfigureAwait(false);
                    break;
                case PreStop.Exec exec:
                    await Command.RunAsync(image.Exec(context, exec.Command), null, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // Cut short; reported where it is known why.
        }
        catch (LocalException e)
        {
            node.Report(LocalEventKind.Warning, context.PodName, $"preStop failed: {e.Message}");
        }
    }

    private async Task AnyAsync(TimeSpan atMost, params Task[] tasks)
    {
        using var enough = new CancellationTokenSource();
        await Task.WhenAny([.. tasks, Task.Delay(atMost, node.Time, enough.Token)]).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
    }
}
