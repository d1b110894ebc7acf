using System.Globalization;
using Candor.Testing.Processes;
using Npgsql;

namespace Candor.Testing.Servers;

/// <summary>A PostgreSQL of its own, with password authentication, on a free port.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Password of the superuser <c>orders</c>.</summary>
    public const string Password = "s3cret-of-the-tests";

    private readonly TemporaryDirectory _directory;
    private TestProcess _process;

    private PostgresServer(TemporaryDirectory directory, TestProcess process, int port)
    {
        _directory = directory;
        _process = process;
        Port = port;
    }

    /// <summary>The port it listens on, at 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its process.</summary>
    public TestProcess Process => _process;

    /// <summary>Initialises and starts one.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var directory = TemporaryDirectory.Create();
        var password = Path.Combine(directory.Path, "password");
        await File.WriteAllTextAsync(password, Password);
        await Unprivileged.RunAsync(
            Program("initdb"),
            [
                "-D",
                Data(directory),
                "-U",
                "orders",
                "--auth=scram-sha-256",
                $"--pwfile={password}",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            ],
            directory);
        var (process, port) = await Startup.OnFreePortAsync(port => Start(directory, port), AnswersAsync);
        return new(directory, process, port);
    }

    /// <summary>Connection string for a database of this server.</summary>
    /// <param name="database">The database.</param>
    /// <param name="port">Another port to dial, such as a proxy's.</param>
    public string ConnectionString(string database = "postgres", int? port = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port ?? Port};Username=orders;Password={Password};Database={database};SSL Mode=Disable");

    /// <summary>Creates an empty database with a name of its own.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():n}";
        await ExecuteAsync($"create database {name}");
        return name;
    }

    /// <summary>Runs a statement.</summary>
    public Task ExecuteAsync(string sql, string database = "postgres") => ScalarAsync<object>(sql, database);

    /// <summary>Runs a query for one value.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Stops it the fast way: sessions are ended, nothing is lost.</summary>
    public async Task StopAsync()
    {
        // SIGINT is PostgreSQL's fast shutdown.
        _process.Signal(2);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same port with the same data.</summary>
    public async Task RestartAsync()
    {
        _process = Start(_directory, Port);
        await Startup.UntilAsync(_process, () => AnswersAsync(Port));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static TestProcess Start(TemporaryDirectory directory, int port) => Unprivileged.Start(
        Program("postgres"),
        [
            "-D", Data(directory), "-p", port.ToString(CultureInfo.InvariantCulture), "-k", directory.Path, "-h", "127.0.0.1",
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=16MB",
        ],
        directory);

    private static string Data(TemporaryDirectory directory) => Path.Combine(directory.Path, "data");

    private static string Program(string name) => SystemProgram.Find(
        name,
        "postgresql",
        Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(
                Path.GetFileName(d), out var v) ? v : 0).Select(d => d + "/bin")]
            : []);

    // It accepts connections before it is ready for them, and then refuses them by an answer.
    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            await using var connection = new NpgsqlConnection(string.Create(
                CultureInfo.InvariantCulture,
                $"Host=127.0.0.1;Port={port};Username=orders;Password={Password};Database=postgres;SSL Mode=Disable;Pooling=false"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
