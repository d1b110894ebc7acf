using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Candor.Contract;

namespace Candor.Local;

/// <summary>The result of a target's checks.</summary>
/// <param name="State">Initial until one has passed; then healthy or unhealthy, by the thresholds.</param>
/// <param name="Reason">What the last one saw, for people.</param>
internal sealed record TargetVerdict(TargetState State, string Reason)
{
    /// <summary>Before the first check.</summary>
    public static TargetVerdict New { get; } = new(TargetState.Initial, "not checked yet");
}

/// <summary>
/// An ALB's health check of one target
/// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html">user guide</see>): a
/// GET on a connection of its own, no redirect followed, one at a time and one an interval, from start to start. The contract's bounds
/// count on that: HAProxy's own check waits for the interval after a check has ended, so one that times out comes later.
/// </summary>
internal sealed class TargetCheck : IDisposable
{
    private readonly TargetGroupSpec _group;
    private readonly IPEndPoint _endpoint;
    private readonly IPAddress? _source;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly Action<bool, TimeSpan, string>? _seen;
    private readonly StatusCodes _matcher;
    private readonly ProbeCounter _counter;
    private readonly CancellationTokenSource _stop = new();
    private volatile TargetVerdict _verdict;

    private TargetCheck(
        TargetGroupSpec group,
        IPEndPoint endpoint,
        IPAddress? source,
        TimeProvider time,
        TargetVerdict before,
        Action changed,
        Action<bool, TimeSpan, string>? seen)
    {
        _group = group;
        _endpoint = endpoint;
        _source = source;
        _time = time;
        _changed = changed;
        _seen = seen;
        _verdict = before;
        _counter = new(before.State != TargetState.Unhealthy, group.HealthyThreshold, group.UnhealthyThreshold);
        _matcher = StatusCodes.TryParse(group.Matcher, out var codes)
            ? codes
            : throw new InvalidOperationException($"The matcher '{group.Matcher}' was not validated when the Plan was read.");
    }

    /// <summary>What holds now.</summary>
    public TargetVerdict Verdict => _verdict;

    /// <summary>Begins to check, at once and then every interval, until disposed.</summary>
    /// <param name="group">The target group, which has the numbers.</param>
    /// <param name="endpoint">What is asked.</param>
    /// <param name="source">Where checks come from; null for wherever the system takes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">The result of an earlier check with other numbers: an ALB keeps it, and starts to count again.</param>
    /// <param name="changed">Called when the verdict's state becomes another one.</param>
    /// <param name="seen">Called for every answer: whether it passed, how long it took, and a description.</param>
    public static TargetCheck Start(
        TargetGroupSpec group, IPEndPoint endpoint, IPAddress? source, TimeProvider time, TargetVerdict before, Action changed,
        Action<bool, TimeSpan, string>? seen = null)
    {
        var check = new TargetCheck(group, endpoint, source, time, before, changed, seen);
        _ = check.RunAsync(check._stop.Token);
        return check;
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Cancel();

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var began = _time.GetTimestamp();
                var (passed, reason) = await AskAsync(stop).ConfigureAwait(false);
                _seen?.Invoke(passed, _time.GetElapsedTime(began), reason);
                Take(passed, reason);
                if (_group.Interval - _time.GetElapsedTime(began) is { Ticks: > 0 } left)
                {
                    await Task.Delay(left, _time, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Deregistered.
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private void Take(bool passed, string reason)
    {
        var before = _verdict.State;
        if (before == TargetState.Initial)
        {
            _verdict = new(passed ? TargetState.Healthy : TargetState.Initial, reason);
        }
        else
        {
            _counter.Add(passed);
            _verdict = new(_counter.Verdict ? TargetState.Healthy : TargetState.Unhealthy, reason);
        }

        if (_verdict.State != before)
        {
            _changed();
        }
    }

    private async Task<(bool Passed, string Reason)> AskAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_group.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (_source is not null)
            {
                socket.Bind(new IPEndPoint(_source, 0));
            }

            await socket.ConnectAsync(_endpoint, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, "no connection within the timeout");
        }
        catch (SocketException e)
        {
            return (false, $"no connection: {e.Message}");
        }

        try
        {
            return await GetAsync(socket, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, "no answer within the timeout");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (false, $"no valid HTTP answer: {(e.InnerException ?? e).Message}");
        }
    }

    private async Task<(bool Passed, string Reason)> GetAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            // Its own: a request is given up by closing the stream, which ends a read only if that closes the socket.
            ConnectCallback = (_, _) => new(new NetworkStream(socket, ownsSocket: true)),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_endpoint}/{_group.CheckPath.TrimStart('/')}"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ELB-HealthChecker", "2.0"));
        request.Headers.ConnectionClose = true;
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        return (_matcher.Contains(status), string.Create(CultureInfo.InvariantCulture, $"answered {status}"));
    }
}
