using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Chaos.Judging;
using Candor.Chaos.Probing;
using Candor.Chaos.Users;
using Candor.Local;
using Npgsql;

namespace Candor.Chaos.Running;

/// <summary>Makes one fault under load, watches, undoes it, watches on, and judges.</summary>
/// <param name="system">What it is made in.</param>
/// <param name="rate">Requests a second, where the fault does not say otherwise.</param>
/// <param name="time">The clock.</param>
internal sealed class Measurement(SystemUnderTest system, double rate, TimeProvider time)
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);
    private readonly long _began = time.GetTimestamp();

    /// <summary>How long every part of a measurement lasts at least, whatever the speed: less than this shows noise.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a fault is expected to take, everything included.</summary>
    public static TimeSpan Expected(Fault fault, double speed) =>
        ((fault.Lasts + (fault.Injections.OfType<Again>().Select(again => TimeSpan.FromSeconds((again.OnSeconds + again.OffSeconds) * (again.Times - 1))).FirstOrDefault())) / speed) + Longer(TimeSpan.FromSeconds(20) / speed, 3) + TimeSpan.FromSeconds(6);

    /// <summary>Measures a fault.</summary>
    public async Task<FaultRun> RunAsync(Fault fault, CancellationToken cancellationToken)
    {
        var site = system.Site;
        if (fault.Injections.Select(inject => inject.Impossible(site)).FirstOrDefault(reason => reason is not null) is { } impossible)
        {
            return Judge.Of(Nothing(fault, impossible));
        }

        if (!await IsHealthyAsync(TimeSpan.FromSeconds(90), cancellationToken))
        {
            return Unmeasured(fault, "the stack was not healthy before the fault was made");
        }

        site.Complaints.Clear();
        site.Told.Clear();
        site.Victim = await VictimAsync(cancellationToken);
        await using var users = new UserLoad(system.Url, Habits(), Now, time);
        await users.PrepareAsync(10, cancellationToken);
        site.KnownOrders = () => users.Known;
        await using var probers = new Probers(system.Contract, system.Status, system.Service, Now, time);
        await using var background = system.Database is { } database ? new BackgroundWatch(database, Now, time) : null;
        var origin = Now();
        await probers.StartAsync(cancellationToken);
        background?.Start();
        users.Start();
        if (fault.Rate is { } own)
        {
            users.Rate = own * system.Speed;
        }

        await Task.Delay(Longer(Scaled(10), Shortest.TotalSeconds), time, cancellationToken);
        if (FailedBefore(users, origin) is { } before)
        {
            // Whatever is made now would be judged by what was there already.
            await users.StopAsync();
            return Unmeasured(fault, before);
        }

        var injectedAt = Now();
        var done = new List<JournalEntry>();
        double undoAt;
        string? notMade = null;
        try
        {
            foreach (var inject in fault.Injections)
            {
                done.Add(await site.DoAsync(fault.Name, inject, cancellationToken));
            }

            await Task.Delay(Longer(fault.Lasts / system.Speed, Shortest.TotalSeconds), time, cancellationToken);
        }
        catch (Exception e) when (e is LocalException or NpgsqlException or IOException or HttpRequestException or UnauthorizedAccessException or RabbitMQ.Client.Exceptions.RabbitMQClientException)
        {
            notMade = $"the fault could not be made: {e.Message}";
        }
        finally
        {
            // Whatever happened, Ctrl-C too: undone in the opposite order.
            undoAt = Now();
            foreach (var entry in Enumerable.Reverse(done))
            {
                await site.UndoAsync(entry);
            }
        }

        var undoneAt = Now();
        await RecoverAsync(fault, users, probers, undoneAt, cancellationToken);
        await users.StopAsync();
        var endedAt = Now();
        var orders = notMade is null ? await CountAsync(users, cancellationToken) : null;
        var seen = new Observation
        {
            Fault = fault,
            Service = system.Kind,
            Contract = system.Contract,
            Timeline = system.Timeline,
            Speed = system.Speed,
            InjectedAt = injectedAt - origin,
            UndoAt = undoAt - origin,
            UndoneAt = undoneAt - origin,
            EndedAt = endedAt - origin,
            Victim = site.Victim,
            Users = [.. users.Samples.Select(sample => sample with { At = sample.At - origin })],
            Scheduled = users.Scheduled,
            Skipped = users.Skipped,
            Background = [.. (background?.Samples ?? []).Select(sample => sample with { At = sample.At - origin })],
            Health = [.. probers.Health.Select(sample => sample with { At = sample.At - origin })],
            AsBalancer = [.. probers.AsBalancer.Select(sample => sample with { At = sample.At - origin })],
            Liveness = [.. probers.Liveness.Select(sample => sample with { At = sample.At - origin })],
            Stack = [.. probers.Stack.Select(sample => sample with { At = sample.At - origin })],
            Orders = orders,
            Complaints = [.. site.Complaints],
            NotMade = notMade,
        };
        return Judge.Of(seen) with { At = time.GetUtcNow() };
    }

    /// <summary>A run that says nothing, and why.</summary>
    public FaultRun Unmeasured(Fault fault, string why) =>
        Judge.Of(Nothing(fault, why)) with { Outcome = Outcome.Invalid, At = time.GetUtcNow() };

    private static string? FailedBefore(UserLoad users, double since)
    {
        var samples = users.Samples.Where(sample => sample.At >= since).ToList();
        var failed = samples.Where(sample => sample.Outcome.Failed()).ToList();
        return samples.Count > 0 && (double)failed.Count / samples.Count > Judge.FailedBefore
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(double)failed.Count / samples.Count:P0} of the users' requests failed before the fault was made ({failed[0].Operation}: {failed[0].What})")
            : null;
    }

    private double Now() => time.GetElapsedTime(_began).TotalSeconds;

    private TimeSpan Scaled(double seconds) => TimeSpan.FromSeconds(seconds / system.Speed);

    private static TimeSpan Longer(TimeSpan duration, double seconds) => duration.TotalSeconds > seconds ? duration : TimeSpan.FromSeconds(seconds);

    private UserHabits Habits() => new(rate, Longer(system.Contract.Drain.RequestTimeout, 2), Longer(Scaled(1), 0.5));

    private Observation Nothing(Fault fault, string why) => new()
    {
        Fault = fault,
        Service = system.Kind,
        Contract = system.Contract,
        Timeline = system.Timeline,
        Speed = system.Speed,
        InjectedAt = 0,
        UndoAt = 0,
        UndoneAt = 0,
        EndedAt = 0,
        Victim = string.Empty,
        Users = [],
        Scheduled = 0,
        Skipped = 0,
        Background = [],
        Health = [],
        Liveness = [],
        Stack = [],
        NotMade = why,
    };

    /// <summary>The replica that has run for the shortest time.</summary>
    private async Task<string> VictimAsync(CancellationToken cancellationToken) =>
        (await system.Status(cancellationToken)).Pods.Where(pod => pod.Workload == system.Service && pod.ProcessId is not null).MaxBy(pod => pod.StartedAt)?.Name ?? string.Empty;

    private async Task<bool> IsHealthyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var until = Now() + timeout.TotalSeconds;
        while (Now() < until)
        {
            try
            {
                var status = await system.Status(cancellationToken);
                if (status.Healthy && status.Workloads.All(workload => workload.State == RolloutState.Complete))
                {
                    return true;
                }
            }
            catch (LocalException)
            {
                // Only just starting.
            }

            await Task.Delay(_poll, time, cancellationToken);
        }

        return false;
    }

    /// <summary>Until health and users have been as before for a while, and no longer than is worth waiting for.</summary>
    private async Task RecoverAsync(Fault fault, UserLoad users, Probers probers, double since, CancellationToken cancellationToken)
    {
        const double Quiet = 1.2;
        var most = since + Math.Max(fault.Health.RecoversWithin.TotalSeconds * 2 / system.Speed, 5) + 3;
        while (Now() < most)
        {
            await Task.Delay(_poll, time, cancellationToken);
            var from = Now() - Quiet;
            if (from < since + 0.5)
            {
                continue;
            }

            var calm = users.Samples.Reverse().TakeWhile(sample => sample.At > from - 2).All(sample => sample.At < from || !sample.Outcome.Failed());
            var recent = probers.Health.Reverse().TakeWhile(sample => sample.At > from).ToList();
            if (calm && recent.Count > 0 && recent.TrueForAll(sample => sample.Says == PodState.Ready))
            {
                return;
            }
        }
    }

    /// <summary>What was accepted has to be stored and processed before long.</summary>
    private async Task<OrderCount?> CountAsync(UserLoad users, CancellationToken cancellationToken)
    {
        if (system.Database is null)
        {
            return null;
        }

        var until = Now() + Longer(Scaled(30), 12).TotalSeconds;
        OrderCount? count = null;
        while (Now() < until)
        {
            try
            {
                count = await OrderCount.OfAsync(system.Database, users.Accepted, users.Mark, cancellationToken);
                if (count.Complete)
                {
                    return count;
                }
            }
            catch (NpgsqlException)
            {
                // The database is only just back.
            }

            await Task.Delay(_poll * 3, time, cancellationToken);
        }

        return count;
    }
}
