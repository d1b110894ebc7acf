using System.Net;
using Candor.Health.Checks;
using Candor.Health.Names;
using Candor.Health.RabbitMq;
using Candor.Orders.Resilience;
using RabbitMQ.Client;

namespace Candor.Orders.Queue;

/// <summary>
/// One connection to RabbitMQ, opened when it is needed and opened again after it broke. The client's own recovery is off, so that
/// there is one place that decides when to try, and it does so through the breaker.
/// </summary>
public sealed class QueueConnection(ConnectionFactory factory, HostLookup lookup, string name, Guard guard) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IConnection? _connection;
    private FailureCause? _blocked;

    /// <summary>Why the broker blocks this connection; null while it does not. The broker reports it after a publication.</summary>
    public FailureCause? Blocked => Volatile.Read(ref _blocked);

    /// <summary>The connection, opened if it is not. Health asks for it too, and dials nothing of its own.</summary>
    public async Task<IConnection> OpenAsync(CancellationToken token)
    {
        if (_connection is { IsOpen: true } open)
        {
            return open;
        }

        await _turn.WaitAsync(token);
        try
        {
            return _connection is { IsOpen: true } other ? other : _connection = await ConnectAsync(token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs an exchange with the broker within its deadline.</summary>
    /// <param name="work">The exchange. When it is late it is abandoned, and so is the connection.</param>
    /// <exception cref="QueueBlockedException">
    /// The broker blocks publishers; the connection is kept, and is notified when that ends.
    /// </exception>
    public Task<T> RunAsync<T>(Func<IConnection, CancellationToken, Task<T>> work) => guard.RunAsync(async token =>
    {
        var connection = await OpenAsync(token);
        try
        {
            return await work(connection, token).WaitAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            if (Blocked is { } cause)
            {
                throw new QueueBlockedException(cause);
            }

            // Where packets vanish the connection would look open for minutes; a new one tells.
            Abandon(connection);
            throw;
        }
    });

    /// <summary>The trial of its guard: that there is a connection, and a channel can be opened on it.</summary>
    public async Task<bool> TryAsync(CancellationToken token)
    {
        var connection = await OpenAsync(token);
        var opening = connection.CreateChannelAsync(null, token);
        try
        {
            await (await opening.WaitAsync(token)).DisposeAsync();
            return true;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && Blocked is null)
        {
            Abandon(connection);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _turn.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken token)
    {
        // By address: the client's own lookups would block threads of the pool, more with every attempt, were the name server silent.
        var addresses = await lookup.FindAsync(factory.HostName, token);
        var connecting = factory.CreateConnectionAsync([.. addresses.Select(Endpoint)], name, token);
        try
        {
            var connection = await connecting.WaitAsync(token);
            Volatile.Write(ref _blocked, null);
            connection.ConnectionBlockedAsync += (_, blocked) => SetBlocked(connection, RabbitMqFailures.AlarmOf(blocked.Reason));
            connection.ConnectionUnblockedAsync += (_, _) => SetBlocked(connection, null);
            return connection;
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(
                late => Abandon(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private Task SetBlocked(IConnection connection, FailureCause? cause)
    {
        if (_connection is null || _connection == connection)
        {
            Volatile.Write(ref _blocked, cause);
        }

        return Task.CompletedTask;
    }

    private AmqpTcpEndpoint Endpoint(IPAddress address) => new(address.ToString(), factory.Port, factory.Ssl);

    private void Abandon(IConnection connection)
    {
        Interlocked.CompareExchange(ref _connection, null, connection);
        _ = Task.Run(async () => await connection.DisposeAsync());
    }
}
