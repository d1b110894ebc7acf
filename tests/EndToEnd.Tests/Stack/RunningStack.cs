using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Local;
using Candor.Planning;
using Candor.Program.Config;
using Candor.Testing.Network;

namespace Candor.EndToEnd.Tests.Stack;

/// <summary>A Plan realised on this machine, with a folder, a port and an address block of its own; ended with the test.</summary>
internal sealed class RunningStack : IAsyncDisposable, IProgress<LocalEvent>
{
    /// <summary>How long anything may take on a machine that has much else to do. Reached only when something is broken.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    private readonly ConcurrentQueue<LocalEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly RunFolder _folder = new();
    private Task _run = Task.CompletedTask;

    private RunningStack(Plan plan, double speed, bool isolated)
    {
        Plan = plan;
        Options = new()
        {
            StateDirectory = _folder.State,
            Speed = speed,
            Isolated = isolated,
            Listen = new(IPAddress.Loopback, FreePort.Next()),
            Programs = new Dictionary<string, LocalProgram> { ["orders"] = new(Repository.Build("app/Orders", "Candor.Orders.dll")) },
        };
        Http = new(
            new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.Zero,
                UseProxy = false,
            })
        { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Plan Plan { get; }

    public LocalOptions Options { get; private set; }

    public LocalClient Client => LocalTarget.Client(Options.StateDirectory);

    /// <summary>Every request on a connection of its own.</summary>
    public HttpClient Http { get; }

    public Uri Url => new($"http://{Options.Listen}");

    public IReadOnlyCollection<LocalEvent> Events => _events;

    /// <summary>The development stack's Plan, recorded from the real program.</summary>
    public static Task<Plan> DevelopmentPlanAsync() => PlanRecorder.RecordAsync(Repository.Root, "dev", CancellationToken.None);

    /// <summary>
    /// The same with a long deadline for the database: at a speed, a query's deadline is a fraction of its real one, and a busy machine
    /// misses it: true, but no fault of what is being tested. At speed 4 a query has 1 s.
    /// </summary>
    public static Task<Plan> LongDeadlinesPlanAsync()
    {
        var deadline = TimeSpan.FromSeconds(4);
        var probe = TimeSpan.FromSeconds(5);
        var contract = OrdersContract.Default;
        var longDeadlines = contract with
        {
            Budget = contract.Budget with { Deadline = deadline },
            Readiness = contract.Readiness with { Timeout = probe },
            Liveness = contract.Liveness with { Timeout = probe },
            Startup = contract.Startup with { Timeout = probe },
            Dependencies = [.. contract.Dependencies.Select(d => d.Name == OrdersContract.Database ? d with { Timeout = deadline } : d)],
        };
        return PlanOfAsync(longDeadlines);
    }

    /// <summary>The development stack's Plan with another contract.</summary>
    public static Task<Plan> PlanOfAsync(HealthContract contract)
    {
        var settings = StackFiles.Read(Repository.Root, "dev", StackConfig.SecretKeys);
        var config = new Dictionary<string, string>(settings.Config) { ["candor:health"] = ContractJson.Serialize(contract) };
        return PlanRecorder.RecordAsync(settings with { Config = config }, CancellationToken.None);
    }

    /// <summary>The development stack without what it can do without, which takes longest to start.</summary>
    public static async Task<Plan> SmallPlanAsync() => Small(await DevelopmentPlanAsync());

    /// <summary>A Plan without what its service can do without.</summary>
    public static Plan Small(Plan plan) =>
        plan with { Resources = [.. plan.Resources.Where(r => r.Type != ResourceTypes.StatefulSet || r.KubernetesName == "database")] };

    /// <summary>A Plan with other inputs of the resources of one type.</summary>
    public static Plan With(Plan plan, string type, Action<JsonNode> change) => plan with
    {
        Resources =
        [
            .. plan.Resources.Select(resource =>
            {
                if (resource.Type != type)
                {
                    return resource;
                }

                var inputs = resource.Inputs.ToNode()!;
                change(inputs);
                return resource with { Inputs = PlanValue.From(inputs) };
            }),
        ],
    };

    /// <summary>Starts a Plan and waits until all is healthy.</summary>
    public static async Task<RunningStack> StartAsync(
        Plan plan, double speed, bool isolated = false, LocalOptions? options = null, Func<LocalOptions, LocalOptions>? change = null)
    {
        var stack = await BeginAsync(plan, speed, isolated, options, change);
        try
        {
            await stack.UntilAsync(status => status.Healthy, "everything is healthy");
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a Plan without waiting for it.</summary>
    public static Task<RunningStack> BeginAsync(
        Plan plan, double speed, bool isolated = false, LocalOptions? options = null, Func<LocalOptions, LocalOptions>? change = null)
    {
        var stack = new RunningStack(plan, speed, isolated);
        var chosen = options ?? stack.Options;
        chosen = change?.Invoke(chosen) ?? chosen;
        stack.Options = chosen;
        stack._run = Task.Run(() => LocalTarget.RunAsync(plan, chosen, stack, TimeProvider.System, stack._stop.Token, stack._kill.Token));
        return Task.FromResult(stack);
    }

    public void Report(LocalEvent value) => _events.Enqueue(value);

    public Task<LocalStatus> StatusAsync() => Client.StatusAsync();

    /// <summary>
    /// Waits until the status is as wanted. Fails with everything that happened when that takes too long or the stack ends.
    /// </summary>
    public async Task<LocalStatus> UntilAsync(Func<LocalStatus, bool> wanted, string what, TimeSpan? limit = null, TimeSpan? poll = null)
    {
        using var late = new CancellationTokenSource(limit ?? Limit);
        while (true)
        {
            if (_run.IsFaulted)
            {
                await _run;
            }

            if (late.IsCancellationRequested || _run.IsCompleted)
            {
                throw new InvalidOperationException($"It did not come about that {what}. What happened:\n{Story()}");
            }

            try
            {
                var status = await Client.StatusAsync(late.Token);
                if (wanted(status))
                {
                    return status;
                }
            }
            catch (Exception e) when (e is LocalException or OperationCanceledException)
            {
                // Only just starting.
            }

            await Task.Delay(poll ?? TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Waits until the whole stack is healthy again.</summary>
    public Task<LocalStatus> UntilHealthyAsync() =>
        UntilAsync(status => status.Healthy && status.Workloads.All(w => w.State == RolloutState.Complete), "everything is healthy");

    /// <summary>The first SIGTERM, and the wait for the end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    /// <summary>The first and the second at once.</summary>
    public async Task KillAsync()
    {
        await _kill.CancelAsync();
        await StopAsync();
    }

    /// <summary>Ends with the run, and fails as it does.</summary>
    public Task EndedAsync() => _run;

    /// <summary>Fails with what was answered, and everything that happened, when that is not the wanted status.</summary>
    public async Task ExpectAsync(HttpStatusCode wanted, HttpResponseMessage answer)
    {
        if (answer.StatusCode != wanted)
        {
            var now = TimeProvider.System.GetUtcNow();
            throw new InvalidOperationException($"""
                {answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.PathAndQuery} at {now:HH:mm:ss.fff} was answered {(int)answer.StatusCode}, not {(int)wanted}:
                {answer.Headers}{await answer.Content.ReadAsStringAsync()}
                What happened:
                {Story()}
                What the replicas said:
                {string.Join('\n', PodLogs())}
                """);
        }
    }

    public string Story() => string.Join('\n', _events.Select(e => $"  {e.At:HH:mm:ss.fff} {e.Kind,-8} {e.Subject,-20} {e.Message}"));

    /// <summary>What a pod has said, every process of it.</summary>
    public IEnumerable<string> LogOf(string pod) => File.ReadLines(Path.Combine(Options.StateDirectory, "logs", pod + ".log"));

    private IEnumerable<string> PodLogs() =>
        Directory.EnumerateFiles(Path.Combine(Options.StateDirectory, "logs"), "orders*.log")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .SelectMany(pod => LogOf(pod).TakeLast(40).Prepend($"  {pod}"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _kill.CancelAsync();
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (LocalException)
        {
            // Told to whoever waited for it.
        }

        _stop.Dispose();
        _kill.Dispose();
        _folder.Dispose();
    }
}
