using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class ContainerProbesTests
{
    [Fact]
    public async Task Startup_gates_readiness_and_liveness_and_its_failures_end_the_container()
    {
        var asked = new List<string>();
        var (probes, run, stop) = Start(asked, spec => spec != "startup");

        var why = await probes.LivenessFailed.WaitAsync(TimeSpan.FromSeconds(30));
        await EndAsync(run, stop);

        Assert.StartsWith("startup probe failed 3 times", why, StringComparison.Ordinal);
        Assert.All(asked, spec => Assert.Equal("startup", spec));
    }

    [Fact]
    public async Task Liveness_failures_end_the_container_however_ready_it_is()
    {
        var (probes, run, stop) = Start([], spec => spec != "liveness");

        var why = await probes.LivenessFailed.WaitAsync(TimeSpan.FromSeconds(30));
        await EndAsync(run, stop);

        Assert.StartsWith("liveness probe failed 3 times", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Termination_stops_liveness_while_readiness_continues()
    {
        var asked = new List<string>();
        var readiness = new TaskCompletionSource();
        var terminating = false;
        var (probes, run, stop) = Start(asked, spec =>
        {
            if (terminating && spec == "readiness")
            {
                readiness.TrySetResult();
            }

            return !terminating || spec != "liveness";
        });
        await UntilAsync(() => Asked(asked, "liveness"));

        probes.BeginTermination();
        terminating = true;
        await readiness.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await EndAsync(run, stop);

        Assert.False(probes.LivenessFailed.IsCompleted);
    }

    private static (ContainerProbes Probes, Task Run, CancellationTokenSource Stop) Start(List<string> asked, Func<string, bool> passes)
    {
        var stop = new CancellationTokenSource();
        var container = new ContainerSpec
        {
            Name = "c",
            Image = "i",
            Startup = Spec("startup"),
            Readiness = Spec("readiness"),
            Liveness = Spec("liveness"),
        };
        var probes = new ContainerProbes(
            container,
            TimeProvider.System,
            (spec, _) =>
            {
                var name = ((ProbeAction.Exec)spec.Action).Command[0];
                lock (asked)
                {
                    asked.Add(name);
                }

                return Task.FromResult(new ProbeResult(passes(name), "seen"));
            },
            stop.Token);
        return (probes, probes.RunAsync(), stop);
    }

    private static ProbeSpec Spec(string name) =>
        new() { Action = new ProbeAction.Exec([name]), Period = TimeSpan.FromMilliseconds(5), FailureThreshold = 3 };

    private static bool Asked(List<string> asked, string name)
    {
        lock (asked)
        {
            return asked.Contains(name);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task EndAsync(Task run, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }
}
