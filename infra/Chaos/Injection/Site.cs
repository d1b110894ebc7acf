using System.Globalization;
using Candor.Local;
using Candor.Planning;
using Npgsql;

namespace Candor.Chaos.Injection;

/// <summary>Where faults are made: a running stack, seen by an injection.</summary>
internal sealed class Site(LocalClient client, Plan plan, double speed, Journal journal, TimeProvider time) : IAsyncDisposable
{
    private readonly Dictionary<Inject, IAsyncDisposable> _held = new(ReferenceEqualityComparer.Instance);
    private JournalEntry? _current;
    private NpgsqlDataSource? _admin;

    /// <summary>The stack.</summary>
    public LocalClient Client => client;

    /// <summary>What it realises.</summary>
    public Plan Plan => plan;

    /// <summary>What durations are divided by.</summary>
    public double Speed => speed;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Whether pods have networks of their own.</summary>
    public bool Isolated { get; init; }

    /// <summary>The folder whose free space the service watches, on a small file system of its own; null where none could be made.</summary>
    public string? Disk { get; init; }

    /// <summary>The folder in which the sample service looks for its switches, a folder a pod; null for other services.</summary>
    public string? Switches { get; init; }

    /// <summary>Where users come in.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:8000");

    /// <summary>Orders that users know by now; their entries are what a poisoned cache gets wrong.</summary>
    public Func<IReadOnlyList<(Guid Id, string Item)>> KnownOrders { get; set; } = () => [];

    /// <summary>What injections saw beside users and probers, for the report.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What injections saw that must not be.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The replica that is done to, by name.</summary>
    public string Victim { get; set; } = string.Empty;

    /// <summary>The name of the service's Deployment.</summary>
    public string Service { get; init; } = "orders";

    /// <summary>A contract's duration at this speed.</summary>
    public TimeSpan Scaled(TimeSpan duration) => duration / speed;

    /// <summary>The replicas of the service that run now.</summary>
    public async Task<IReadOnlyList<LocalPod>> ReplicasAsync(CancellationToken cancellationToken) =>
        [.. (await client.StatusAsync(cancellationToken)).Pods.Where(pod => pod.Workload == Service && pod.ProcessId is not null && pod.Phase == "Running")];

    /// <summary>Those that are done to: the victim, or all.</summary>
    public async Task<IReadOnlyList<LocalPod>> TargetsAsync(bool every, CancellationToken cancellationToken) =>
        [.. (await ReplicasAsync(cancellationToken)).Where(pod => every || pod.Name == Victim)];

    /// <summary>The pod of a dependency.</summary>
    public static string PodOf(string dependency) => $"{dependency}-0";

    /// <summary>Runs a command in a dependency's pod.</summary>
    public Task<string> ExecAsync(string dependency, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        client.ExecAsync(PodOf(dependency), command, cancellationToken);

    /// <summary>The database, as a superuser that none of the faults is about.</summary>
    public NpgsqlDataSource Admin => _admin ?? throw new InvalidOperationException("The database was not opened.");

    /// <summary>The service's own role and database.</summary>
    public string Role { get; private set; } = string.Empty;

    /// <summary>The password of <see cref="Role"/>.</summary>
    public string Password { get; private set; } = string.Empty;

    /// <summary>The service's own connection to the database.</summary>
    public string ServiceConnection { get; private set; } = string.Empty;

    /// <summary>Opens the database as a role of our own, made on first use.</summary>
    public async Task OpenDatabaseAsync(string folder, CancellationToken cancellationToken)
    {
        const string Name = "chaos";
        var manifest = ManifestReader.Read(plan, 1, _ => null);
        var workload = manifest.Workloads.First(w => w.Name == "database");
        var environment = workload.Template.Container.Environment.ToDictionary(e => e.Name, e => e.Value ?? string.Empty, StringComparer.Ordinal);
        var pod = (await client.StatusAsync(cancellationToken)).Pods.First(p => p.Name == PodOf("database"));
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = pod.Address,
            Port = pod.Ports.Values.First(),
            Username = environment["POSTGRES_USER"],
            Password = environment["POSTGRES_PASSWORD"],
            Database = environment.GetValueOrDefault("POSTGRES_DB", environment["POSTGRES_USER"]),
            ApplicationName = Name,
            Timeout = 5,
            CommandTimeout = 5,
            Pooling = false,
        };
        Role = address.Username!;
        Password = address.Password!;
        ServiceConnection = address.ConnectionString;

        var file = Path.Combine(folder, "chaos-password");
        var password = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken) : Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(file, password, cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }


        _admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            Username = Name,
            Password = password,
            Pooling = true,
            MaxPoolSize = 8,
        });
        if (!await WorksAsync(_admin, cancellationToken))
        {
            await using var first = NpgsqlDataSource.Create(address);
            await using var command = first.CreateCommand($"drop role if exists {Name}; create role {Name} superuser login password '{password}'");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Leaves the database without a role of ours.</summary>
    public async Task RemoveRoleAsync()
    {
        await using var own = NpgsqlDataSource.Create(ServiceConnection);
        await using var command = own.CreateCommand("drop role if exists chaos");
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The database is away; the next one makes the role anew.
        }
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task SqlAsync(string statements, CancellationToken cancellationToken)
    {
        await using var command = Admin.CreateCommand(statements);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends every session of the service, so that it has to connect again.</summary>
    public Task EndSessionsAsync(CancellationToken cancellationToken) => SqlAsync(
        string.Create(CultureInfo.InvariantCulture, $"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{Role}'"), cancellationToken);

    /// <summary>Keeps something until its injection is undone.</summary>
    public void Hold(Inject inject, IAsyncDisposable held) => _held[inject] = held;

    /// <summary>Lets go of what was kept.</summary>
    public async Task ReleaseAsync(Inject inject)
    {
        if (_held.Remove(inject, out var held))
        {
            await held.DisposeAsync();
        }
    }

    /// <summary>What was kept for an injection, or null.</summary>
    public T? Held<T>(Inject inject)
        where T : class => _held.GetValueOrDefault(inject) as T;

    /// <summary>Keeps on disk what undoing needs to know.</summary>
    public Task RememberAsync(string name, string value) =>
        _current is { } entry ? journal.RememberAsync(entry, name, value) : Task.CompletedTask;

    /// <summary>What was kept on disk, or null.</summary>
    public string? Remembered(string name) => _current?.Memory.GetValueOrDefault(name);

    /// <summary>Everything that was kept on disk.</summary>
    public IReadOnlyDictionary<string, string> Memory => _current?.Memory ?? [];

    /// <summary>Does an injection, with its journal. Whoever calls it undoes what it returns, whatever happens.</summary>
    public async Task<JournalEntry> DoAsync(string fault, Inject inject, CancellationToken cancellationToken)
    {
        var entry = await journal.BeginAsync(fault, inject);
        _current = entry;
        try
        {
            await inject.DoAsync(this, cancellationToken);
            return entry;
        }
        catch
        {
            await UndoAsync(entry);
            throw;
        }
        finally
        {
            _current = null;
        }
    }

    /// <summary>Undoes an injection, tried for as long as a stack may need to come back.</summary>
    /// <exception cref="ChaosException">It could not be undone; the journal still tells of it.</exception>
    public async Task UndoAsync(JournalEntry entry)
    {
        var longest = TimeSpan.FromSeconds(60);
        var began = time.GetTimestamp();
        _current = entry;
        try
        {
            while (true)
            {
                try
                {
                    using var limit = new CancellationTokenSource(longest, time);
                    await entry.Inject.UndoAsync(this, limit.Token);
                    await ReleaseAsync(entry.Inject);
                    await journal.EndAsync(entry);
                    return;
                }
                catch (Exception e) when (e is LocalException or NpgsqlException or IOException or OperationCanceledException or HttpRequestException or UnauthorizedAccessException)
                {
                    if (time.GetElapsedTime(began) > longest)
                    {
                        throw new ChaosException($"{entry.Fault} could not be undone ({e.Message}). {journal.Path} lists what is left; the next 'candor chaos' tries again.", e);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(500), time);
                }
            }
        }
        finally
        {
            _current = null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held.Values)
        {
            await held.DisposeAsync();
        }

        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }
    }

    private static async Task<bool> WorksAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
