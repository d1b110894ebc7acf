using System.Net.Sockets;
using Candor.Health.Names;
using Npgsql;

namespace Candor.Health.Postgres;

/// <summary>
/// Whether a database that does not answer a query answers at all: asks, on a connection of its own, the one question that a server
/// answers before anything else (the SSLRequest of the protocol). It only tells slow from gone; it never makes anything healthy.
/// </summary>
internal sealed class PostgresReach
{
    // Length 8, then the request code 80877103; https://www.postgresql.org/docs/current/protocol-message-formats.html
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47];
    private readonly string? _host;
    private readonly int _port;

    private readonly HostLookup _lookup;

    public PostgresReach(string connectionString, HostLookup lookup)
    {
        _lookup = lookup;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var single = settings.Host is { Length: > 0 } host && host[0] != '/' && !host.Contains(',', StringComparison.Ordinal);
        _host = single ? settings.Host : null;
        _port = settings.Port;
    }

    /// <summary>True when the server answers, or cannot be asked this way (a Unix socket, several hosts).</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_host is null)
        {
            return true;
        }

        try
        {
            using var socket = await _lookup.ConnectAsync(_host, _port, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(SslRequest, cancellationToken).ConfigureAwait(false);
            return await socket.ReceiveAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 1;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
