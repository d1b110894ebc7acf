using Candor.Contract;
using Candor.Health.Evaluation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Candor.Health.Watchdog;

/// <summary>The one thread that looks at the process from outside the thread pool: it keeps the active clock, the heartbeat and the deadlines going.</summary>
/// <param name="clock">Records that the process runs.</param>
/// <param name="process">Records when the thread was woken.</param>
/// <param name="heartbeat">Measures the thread pool.</param>
/// <param name="evaluator">Abandons late checks.</param>
/// <param name="look">What else is looked at with every look.</param>
/// <param name="limits">The interval.</param>
/// <param name="options">Whether it runs at all.</param>
internal sealed class WatchdogThread(ActiveClock clock, ProcessHealth process, PoolHeartbeat heartbeat, Evaluator evaluator, Action look, WatchdogLimits limits, IOptions<CandorOptions> options)
    : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0);

    private const int LooksPerBeat = 2;

    /// <summary>Four looks within the shortest delay that matters; at 1 s, four times a second.</summary>
    public TimeSpan Period { get; } = PeriodOf(limits);

    /// <summary>The period for these limits.</summary>
    public static TimeSpan PeriodOf(WatchdogLimits limits) => TimeSpan.FromMilliseconds(Math.Clamp(limits.ThreadPoolDelay.TotalMilliseconds / 4, 10, 200));

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
        var count = 0;
        do
        {
            clock.Tick();
            process.Woken();
            if (count++ % LooksPerBeat == 0)
            {
                heartbeat.Beat();
            }

            evaluator.AbandonLate();
            look();
            process.Slept();
        }
        while (!_stop.Wait(Period));
    }
}
