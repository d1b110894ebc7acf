using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Local;
using Candor.Planning;
using Npgsql;

namespace Candor.Chaos.Running;

/// <summary>
/// The catalogue's faults on the stack that runs in a folder, made and ended one by one from its status page. Each is in that folder's journal
/// before it is made; one that was never ended is in the list again when the stack next runs, and can be ended there.
/// </summary>
/// <param name="folder">The stack's state folder.</param>
/// <param name="time">The clock.</param>
public sealed class PageFaults(string folder, TimeProvider time) : IStackFaults
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly Journal _journal = new(ChaosStack.JournalOf(folder));
    private readonly List<Ongoing> _made = [];
    private volatile IReadOnlyList<MadeFault>? _told;
    private Site? _site;

    /// <inheritdoc />
    public IReadOnlyList<StackFault> Catalogue { get; } =
        [.. Possible.Select(fault => new StackFault(fault.Name, fault.Family.ToString().ToLowerInvariant(), fault.Title, fault.To == Subject.OneReplica))];

    /// <inheritdoc />
    public IReadOnlyList<MadeFault> Made
    {
        get
        {
            if (_told is null && _one.Wait(TimeSpan.Zero))
            {
                try
                {
                    Tell();
                }
                finally
                {
                    _one.Release();
                }
            }

            return _told ?? [];
        }
    }

    // The sample service, its switches and its small file system do not run here.
    private static IEnumerable<Fault> Possible => FaultCatalogue.All.Where(fault => fault.Service == ServiceKind.Orders && !fault.Injections.Any(inject => inject is Switch or FullDisk));

    /// <inheritdoc />
    public async Task<string> MakeAsync(string name, string pod, CancellationToken cancellationToken)
    {
        var fault = Possible.FirstOrDefault(fault => string.Equals(fault.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new LocalException($"'{name}' is no fault that can be made on this stack; ./candor chaos --list shows the catalogue.");
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Left().Count > 0)
            {
                throw new LocalException("An earlier run left faults, or ./candor chaos --here makes some now. End those first.");
            }

            if (_made.Exists(made => made.Fault == fault.Name))
            {
                throw new LocalException($"{fault.Name} goes on already. End it first.");
            }

            var site = await SiteAsync(cancellationToken).ConfigureAwait(false);
            if (fault.Injections.Select(inject => inject.Impossible(site)).FirstOrDefault(reason => reason is not null) is { } impossible)
            {
                throw new LocalException($"{fault.Name} cannot be made here: {impossible}.");
            }

            var replicas = await site.ReplicasAsync(cancellationToken).ConfigureAwait(false);
            site.Victim = replicas.FirstOrDefault(replica => replica.Name == pod)?.Name ?? replicas.MaxBy(replica => replica.StartedAt)?.Name
                ?? throw new LocalException($"No replica of {site.Service} runs that the fault could be made in.");
            var victim = fault.To == Subject.OneReplica ? site.Victim : string.Empty;
            await DoAsync(site, fault, victim, cancellationToken).ConfigureAwait(false);
            return $"{fault.Name} goes on{(victim.Length > 0 ? $" in {victim}" : string.Empty)}: {fault.Title}";
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public async Task<string> EndAsync(string name, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var site = await SiteAsync(cancellationToken).ConfigureAwait(false);
            if (_made.Find(made => made.Fault == name) is not { } made)
            {
                return await EndLeftAsync(site, name).ConfigureAwait(false);
            }

            site.Victim = made.Victim;
            await UndoAsync(site, made.Entries).ConfigureAwait(false);
            _made.Remove(made);
            return $"{name} is ended.";
        }
        finally
        {
            Tell();
            _one.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync().ConfigureAwait(false);
        }

        _one.Dispose();
    }

    private async Task DoAsync(Site site, Fault fault, string victim, CancellationToken cancellationToken)
    {
        var entries = new List<JournalEntry>();
        try
        {
            foreach (var inject in fault.Injections)
            {
                entries.Add(await site.DoAsync(fault.Name, inject, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is NpgsqlException or IOException or HttpRequestException or UnauthorizedAccessException or LocalException
            or ChaosException or OperationCanceledException or RabbitMQ.Client.Exceptions.RabbitMQClientException)
        {
            await UndoAsync(site, entries).ConfigureAwait(false);
            throw new LocalException($"{fault.Name} could not be made: {e.Message}", e);
        }

        _made.Add(new(fault.Name, victim, site.Victim, time.GetUtcNow(), entries));
        Tell();
    }

    /// <summary>All that an earlier run left goes at once: its journal is one.</summary>
    private async Task<string> EndLeftAsync(Site site, string name)
    {
        var left = Left();
        if (!left.Exists(entry => entry.Fault == name))
        {
            throw new LocalException($"{name} does not go on.");
        }

        left.Reverse();
        await UndoAsync(site, left).ConfigureAwait(false);
        _journal.Delete();
        return "What an earlier run left is ended.";
    }

    private static async Task UndoAsync(Site site, List<JournalEntry> entries)
    {
        try
        {
            foreach (var entry in Enumerable.Reverse(entries).ToList())
            {
                await site.UndoAsync(entry).ConfigureAwait(false);
                entries.Remove(entry);
            }
        }
        catch (ChaosException e)
        {
            throw new LocalException(e.Message, e);
        }
    }

    /// <summary>What the journal tells that is not ours.</summary>
    private List<JournalEntry> Left()
    {
        try
        {
            return _made.Count > 0 ? [] : [.. _journal.Left()];
        }
        catch (ChaosException e)
        {
            throw new LocalException(e.Message, e);
        }
    }

    private void Tell()
    {
        List<string> left;
        try
        {
            left = [.. Left().Select(entry => entry.Fault).Distinct(StringComparer.Ordinal)];
        }
        catch (LocalException)
        {
            // The caller that makes or ends a fault gets the exception.
            left = [];
        }

        _told =
        [
            .. _made.Select(made => new MadeFault(made.Fault, Title(made.Fault), made.Pod, made.At)),
            .. left.Select(name => new MadeFault(name, Title(name), string.Empty, null)),
        ];
    }

    private static string Title(string name) => FaultCatalogue.All.FirstOrDefault(fault => fault.Name == name)?.Title ?? name;

    /// <summary>The stack as it is now; another Plan than at the last fault is another site.</summary>
    private async Task<Site> SiteAsync(CancellationToken cancellationToken)
    {
        if (_site is not null && _made.Count > 0)
        {
            return _site;
        }

        if (_site is not null)
        {
            await _site.DisposeAsync().ConfigureAwait(false);
            _site = null;
        }

        var client = LocalTarget.Client(folder);
        var status = await client.StatusAsync(cancellationToken).ConfigureAwait(false);
        var plan = await client.PlanAsync(cancellationToken).ConfigureAwait(false) ?? throw new LocalException("The supervisor does not tell its Plan.");
        var site = new Site(client, plan, status.Speed, _journal, time)
        {
            Isolated = status.Isolated,
            Url = new(status.Urls[0]),
            Service = plan.MainWorkload()?.KubernetesName ?? "orders",
        };
        try
        {
            if (status.Pods.Any(pod => pod.Name == Site.PodOf("database")))
            {
                await site.OpenDatabaseAsync(folder, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException e)
        {
            await site.DisposeAsync().ConfigureAwait(false);
            throw new LocalException($"The database, which faults are made in, does not answer: {e.Message}", e);
        }

        return _site = site;
    }

    private sealed record Ongoing(string Fault, string Pod, string Victim, DateTimeOffset At, List<JournalEntry> Entries);
}
