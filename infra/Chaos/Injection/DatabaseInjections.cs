using System.Globalization;
using Npgsql;

namespace Candor.Chaos.Injection;

/// <summary>Statements in the database.</summary>
/// <param name="Do">What is done; <c>{role}</c> is the service's role, <c>{seconds:N}</c> is N seconds at the run's speed.</param>
/// <param name="Undo">What undoes it; must do no harm when it was never done.</param>
/// <param name="EndSessions">Whether the service's sessions are ended afterwards, so that it connects again.</param>
internal sealed record Sql(string Do, string Undo, bool EndSessions = false) : Inject
{
    public override string Undone => "the statements that undo it";

    public override Task DoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Do, cancellationToken);

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Undo, cancellationToken);

    private async Task RunAsync(Site site, string statements, CancellationToken cancellationToken)
    {
        await site.SqlAsync(Fill(statements, site), cancellationToken);
        if (EndSessions)
        {
            await site.EndSessionsAsync(cancellationToken);
        }
    }

    internal static string Fill(string statements, Site site)
    {
        var text = statements.Replace("{role}", site.Role, StringComparison.Ordinal);
        return System.Text.RegularExpressions.Regex.Replace(
            text,
            @"\{seconds:([0-9.]+)\}",
            match => (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / site.Speed).ToString("0.###", CultureInfo.InvariantCulture));
    }
}

/// <summary>A transaction that holds its locks until it is undone. It lives in this process, so it ends with it.</summary>
/// <param name="Statements">What takes the locks.</param>
internal sealed record SqlHold(string Statements) : Inject
{
    public override string Undone => "roll back";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var connection = await site.Admin.OpenConnectionAsync(cancellationToken);
        site.Hold(this, connection);
        await using var command = new NpgsqlCommand($"begin; set local lock_timeout = '20s'; {Sql.Fill(Statements, site)}", connection) { CommandTimeout = 30 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Held<NpgsqlConnection>(this) is { } connection)
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

/// <summary>Every connection that the service's role may have is taken by somebody else, and the service has to connect again.</summary>
internal sealed record SqlSessions : Inject
{
    public override string Undone => "give the connections back";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var connections = new Connections();
        site.Hold(this, connections);
        await site.SqlAsync($"alter role {site.Role} nosuperuser connection limit 1", cancellationToken);
        await site.EndSessionsAsync(cancellationToken);
        for (var i = 0; i < 20; i++)
        {
            try
            {
                var one = new NpgsqlConnection(site.ServiceConnection);
                await one.OpenAsync(cancellationToken);
                connections.All.Add(one);
                return;
            }
            catch (PostgresException)
            {
                // The service was faster; its one connection is ended, and it is tried again.
                await site.EndSessionsAsync(cancellationToken);
            }
        }
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) =>
        site.SqlAsync($"alter role {site.Role} superuser connection limit -1", cancellationToken);

    private sealed class Connections : IAsyncDisposable
    {
        public List<NpgsqlConnection> All { get; } = [];

        public async ValueTask DisposeAsync()
        {
            foreach (var one in All)
            {
                await one.DisposeAsync();
            }
        }
    }
}

/// <summary>The database knows another password than the service.</summary>
internal sealed record WrongPassword : Inject
{
    public override string Undone => "set the password that the service has";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        await site.SqlAsync($"alter role {site.Role} password '{Guid.NewGuid():N}'", cancellationToken);
        await site.EndSessionsAsync(cancellationToken);
    }

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) =>
        site.SqlAsync($"alter role {site.Role} password '{site.Password.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);
}
