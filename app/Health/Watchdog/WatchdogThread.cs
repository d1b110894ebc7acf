using Candor.Contract;
using Candor.Health.Evaluation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Candor.Health.Watchdog;

/// <summary>The one thread that looks at the process from outside the thread pool: it keeps the active clock, the heartbeat and the deadlines going.</summary>
internal sealed class WatchdogThread(ActiveClock clock, PoolHeartbeat heartbeat, Evaluator evaluator, WatchdogLimits limits, IOptions<CandorOptions> options) : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0);

    private const int LooksPerBeat = 2;

    /// <summary>Four looks within the shortest delay that matters; at 1 s, four times a second.</summary>
    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(Math.Clamp(limits.ThreadPoolDelay.TotalMilliseconds / 4, 10, 200));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Watchdog)
        {
            new Thread(Watch) { IsBackground = true, Name = "candor watchdog" }.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Set();

    private void Watch()
    {
        var look = 0;
        do
        {
            clock.Tick();
            if (look++ % LooksPerBeat == 0)
            {
                heartbeat.Beat();
            }

            evaluator.AbandonLate();
        }
        while (!_stop.Wait(Period));
    }
}
