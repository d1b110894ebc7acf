using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Chaos.Judging;
using Candor.Local;

namespace Candor.Chaos.Running;

/// <summary>What is to be measured.</summary>
internal sealed record SessionRequest
{
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Services that are measured beside our own, for comparison.</summary>
    public IReadOnlyList<ServiceKind> Compared { get; init; } = [];

    public double Rate { get; init; } = 50;

    public double Speed { get; init; } = 5;

    public int Repeat { get; init; } = 1;

    public bool Isolated { get; init; }

    /// <summary>Whether the stack that runs in <see cref="Folder"/> is used, instead of one of our own there.</summary>
    public bool Here { get; init; }

    /// <summary>Where stacks and journal are kept.</summary>
    public required string Folder { get; init; }

    /// <summary>The dev stack's Plan.</summary>
    public required Candor.Planning.Plan Plan { get; init; }

    /// <summary>The built program of each service.</summary>
    public required IReadOnlyDictionary<ServiceKind, string> Programs { get; init; }

    /// <summary>Runs of an earlier session that need not be made again.</summary>
    public IReadOnlyList<FaultRun> Done { get; init; } = [];
}

/// <summary>How far a session is.</summary>
/// <param name="Number">Of the step that begins or ended, from 1.</param>
/// <param name="Of">How many there are.</param>
/// <param name="What">What begins.</param>
/// <param name="Left">What the rest will take.</param>
/// <param name="Run">What came of it, when it ended.</param>
internal sealed record SessionProgress(int Number, int Of, string What, TimeSpan Left, FaultRun? Run);

/// <summary>Makes fault after fault, on one stack a service.</summary>
internal sealed class Session(SessionRequest request, TimeProvider time)
{
    private const string Broken = "the measurement ended with ";

    private readonly List<FaultRun> _runs = [.. request.Done];

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<FaultRun> Runs => _runs;

    /// <summary>
    /// Undoes what a command that was killed left. A stack of our own is gone with it, and its data goes now; what is left of it on the
    /// machine is undone. A stack that was not ours still runs, and all of it is undone there.
    /// </summary>
    /// <returns>How many things were undone.</returns>
    public static async Task<int> RepairAsync(SessionRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = request.Folder;
        var journal = new Journal(ChaosStack.JournalOf(folder));
        var left = journal.Left();
        if (left.Count > 0)
        {
            await using var stack = request.Here ? await ChaosStack.AttachAsync(request.Plan, folder, time, cancellationToken) : null;
            await using var site = request.Here ? null : new Site(LocalTarget.Client(folder), request.Plan, request.Speed, journal, time);
            foreach (var entry in left.Where(entry => request.Here || entry.Inject.OutlivesStack))
            {
                await (stack?.System.Site ?? site!).UndoAsync(entry);
            }
        }

        journal.Delete();
        if (request.Here)
        {
            return left.Count;
        }

        await ChaosStack.UnmountAsync(Path.Combine(folder, "disk"), cancellationToken);
        foreach (var kind in Enum.GetValues<ServiceKind>())
        {
            var state = Path.Combine(folder, kind.ToString().ToLowerInvariant());
            if (Directory.Exists(state))
            {
                await LocalTarget.Client(state).DownAsync(now: true, cancellationToken: cancellationToken);
                ChaosStack.Remove(state);
            }
        }

        return left.Count;
    }

    /// <summary>Measures everything.</summary>
    public async Task RunAsync(IProgress<SessionProgress> progress, CancellationToken cancellationToken)
    {
        var steps = Steps().ToList();
        var open = steps.Where(step => !IsDone(step)).ToList();
        var number = steps.Count - open.Count;
        foreach (var service in open.GroupBy(step => step.Service))
        {
            progress.Report(new(number, steps.Count, $"starting the stack for {Name(service.Key)}", Left(steps, number), null));
            ChaosStack? stack = null;
            try
            {
                foreach (var step in service)
                {
                    number++;
                    stack ??= request.Here
                        ? await ChaosStack.AttachAsync(request.Plan, request.Folder, time, cancellationToken)
                        : await ChaosStack.StartAsync(Stack(service.Key), time, cancellationToken);
                    progress.Report(new(number, steps.Count, $"{step.Fault.Name} on {Name(step.Service)}", Left(steps, number - 1), null));
                    var measurement = new Measurement(stack.System, request.Rate, time);
                    var run = await MeasureAsync(measurement, step.Fault, cancellationToken);
                    if (run.Outcome == Outcome.Invalid && !IsBroken(run) && await IsHealthyAsync(stack, cancellationToken))
                    {
                        // What disturbed it may be over.
                        progress.Report(new(number, steps.Count, $"{step.Fault.Name} once more, for {run.Findings[0].Text}", Left(steps, number - 1), null));
                        run = await MeasureAsync(measurement, step.Fault, cancellationToken);
                    }

                    run = run with { Repetition = step.Repetition };
                    _runs.Add(run);
                    progress.Report(new(number, steps.Count, step.Fault.Name, Left(steps, number), run));
                    if (run.Outcome == Outcome.Invalid || !run.Counts || run.HealthRecovered is null)
                    {
                        // What it left behind must not be the next one's.
                        if (IsBroken(run) || (run.Outcome != Outcome.Skipped && !await IsHealthyAsync(stack, cancellationToken)))
                        {
                            await stack.DisposeAsync();
                            stack = null;
                        }
                    }
                }
            }
            finally
            {
                if (stack is not null)
                {
                    await stack.DisposeAsync();
                }
            }
        }
    }

    private static bool IsBroken(FaultRun run) => run.Findings.Any(finding => finding.Text.StartsWith(Broken, StringComparison.Ordinal));

    private static async Task<FaultRun> MeasureAsync(Measurement measurement, Fault fault, CancellationToken cancellationToken)
    {
        try
        {
            return await measurement.RunAsync(fault, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One fault that cannot be measured must not end the others; what is left of it goes with the stack.
            return measurement.Unmeasured(fault, $"{Broken}{e.GetType().Name}: {e.Message}");
        }
    }

    private static async Task<bool> IsHealthyAsync(ChaosStack stack, CancellationToken cancellationToken)
    {
        try
        {
            return (await stack.System.Status(cancellationToken)).Healthy;
        }
        catch (LocalException)
        {
            return false;
        }
    }

    private IEnumerable<Step> Steps()
    {
        for (var repetition = 1; repetition <= request.Repeat; repetition++)
        {
            foreach (var fault in request.Faults)
            {
                yield return new(fault, fault.Service, repetition);
            }

            foreach (var other in request.Compared)
            {
                foreach (var fault in request.Faults.Where(fault => Comparisons.Contains(fault, other)))
                {
                    yield return new(fault, other, repetition);
                }
            }
        }
    }

    private bool IsDone(Step step) => request.Done.Any(run => run.Fault == step.Fault.Name && run.Service == step.Service && run.Repetition == step.Repetition && run.Outcome != Outcome.Invalid);

    private TimeSpan Left(List<Step> steps, int from) => steps.Skip(from).Aggregate(TimeSpan.Zero, (sum, step) => sum + Measurement.Expected(step.Fault, request.Speed));

    private StackRequest Stack(ServiceKind kind) => new(
        kind,
        request.Plan,
        request.Programs.TryGetValue(kind, out var program) ? program : throw new ChaosException($"The service {Name(kind)} is not built."),
        request.Folder,
        request.Speed,
        request.Isolated);

    internal static string Name(ServiceKind kind) => kind switch
    {
        ServiceKind.Orders => "Orders",
        ServiceKind.Sample => "the sample service",
        ServiceKind.BuiltIn => "MapHealthChecks",
        _ => "Flask",
    };

    private sealed record Step(Fault Fault, ServiceKind Service, int Repetition);
}

/// <summary>Which faults are made on other services, to compare.</summary>
internal static class Comparisons
{
    /// <summary>What the parts can have: database, cache, queue, network and process, the app's own mistakes, and the clients.</summary>
    public static bool Contains(Fault fault, ServiceKind service) => service switch
    {
        ServiceKind.BuiltIn => Compared.Contains(fault.Name),
        ServiceKind.Flask => Compared.Contains(fault.Name) && fault.Family != FaultFamily.App,
        _ => false,
    };

    private static readonly HashSet<string> Compared = new(StringComparer.Ordinal)
    {
        "F201", "F202", "F204", "F205/hold-connections", "F206/down", "F207/down", "F208", "F209/deadlock", "F210/block-threads", "F211/fail-reads",
        "F217/constraint", "F217/fail-places", "F218/most", "F220/table-locked", "F221/failing", "F224/other-order", "F228", "N305", "N308",
    };
}
