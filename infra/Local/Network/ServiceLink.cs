using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>
/// The way from one pod to one Service, with an address of its own: passes connections on to the pod behind the Service, refuses
/// where none runs, and can be made silent or slow as a network can.
/// </summary>
internal sealed class ServiceLink(IPEndPoint endpoint, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly HashSet<Socket> _lost = [];
    private TaskCompletionSource _flows = Completed();
    private TaskCompletionSource _answers = Completed();
    private LinkSetting _setting = new(LinkMode.Open);
    private IPEndPoint? _target;
    private Socket? _listener;
    private BlackHole? _hole;
    private bool _late;
    private bool _disposed;

    /// <summary>Where the pod dials.</summary>
    public IPEndPoint Endpoint { get; } = endpoint;

    /// <summary>Leads to another pod, or with null to none.</summary>
    public void LeadTo(IPEndPoint? target)
    {
        lock (_gate)
        {
            if ((!Equals(_target, target) || _late) && !_disposed)
            {
                _target = target;
                Arrange();
            }
        }
    }

    /// <summary>Makes it behave otherwise, for open connections too.</summary>
    public void Set(LinkSetting setting)
    {
        lock (_gate)
        {
            if (_setting == setting || _disposed)
            {
                return;
            }

            _setting = setting;
            _flows = Gate(_flows, open: setting.Mode != LinkMode.Silent);
            _answers = Gate(_answers, open: setting.Mode != LinkMode.OneWay);
            if (setting.Mode == LinkMode.Refused)
            {
                Reset();
            }
            else if (setting.Mode == LinkMode.HalfOpen)
            {
                _lost.UnionWith(_open);
            }

            Arrange();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _listener?.Dispose();
            _hole?.Dispose();
            _flows.TrySetResult();
            _answers.TrySetResult();
            Reset();
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    /// <summary>The same gate opened, or a closed one.</summary>
    private static TaskCompletionSource Gate(TaskCompletionSource gate, bool open)
    {
        if (open)
        {
            gate.TrySetResult();
            return gate;
        }

        return gate.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : gate;
    }

    private void Reset()
    {
        foreach (var socket in _open)
        {
            // Closed at once, without the polite way: the peer sees a reset.
            Abort(socket);
            socket.Dispose();
        }

        _open.Clear();
    }

    /// <summary>
    /// Brings sockets in line with what is wanted. The kernel may hold the address a moment longer; then the next round does it.
    /// </summary>
    private void Arrange()
    {
        var silent = _setting.Mode == LinkMode.Silent;
        var listens = _setting.Mode is not (LinkMode.Silent or LinkMode.Refused) && _target is not null;
        if (!silent)
        {
            _hole?.Dispose();
            _hole = null;
        }

        if (!listens)
        {
            _listener?.Dispose();
            _listener = null;
        }

        try
        {
            _hole = silent ? _hole ?? new BlackHole(Endpoint) : null;
            _listener = listens ? _listener ?? Listen() : null;
            _late = false;
        }
        catch (SocketException)
        {
            _late = true;
        }
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(Endpoint);
            listener.Listen();
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }

        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptAsync().ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // No longer listening.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            near.NoDelay = true;
            far.NoDelay = true;
            IPEndPoint? target;
            lock (_gate)
            {
                target = _target;
                _open.Add(near);
                _open.Add(far);
            }

            if (target is null)
            {
                Abort(near);
                return;
            }

            await far.ConnectAsync(target).ConfigureAwait(false);
            await Task.WhenAll(CopyAsync(near, far, isAnswer: false), CopyAsync(far, near, isAnswer: true)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone or resets; the other learns it the same way.
            Abort(near);
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(near);
                _open.Remove(far);
                _lost.Remove(near);
                _lost.Remove(far);
            }

            near.Dispose();
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private bool IsLost(Socket socket)
    {
        lock (_gate)
        {
            return _lost.Contains(socket);
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                await PassesAsync(isAnswer).ConfigureAwait(false);
                if (IsLost(from))
                {
                    continue;
                }

                if (_setting is { Mode: LinkMode.Slow, Delay: var delay })
                {
                    await Task.Delay(delay, time).ConfigureAwait(false);
                }
                else if (_setting is { Mode: LinkMode.Resetting, Share: var share } && Random.Shared.NextDouble() < share)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }

                await to.SendAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            }

            // What silence swallowed stays swallowed, an end too.
            await PassesAsync(isAnswer).ConfigureAwait(false);
            if (IsLost(from))
            {
                // The other side never hears of it; here the connection is given up, or it would stay for ever.
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort(to);
            to.Dispose();
            throw;
        }
    }

    private async Task PassesAsync(bool isAnswer)
    {
        await _flows.Task.ConfigureAwait(false);
        if (isAnswer)
        {
            await _answers.Task.ConfigureAwait(false);
        }
    }
}
