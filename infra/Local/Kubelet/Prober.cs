using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Candor.Local;

/// <summary>One probe's result.</summary>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Message">What was seen, for people.</param>
internal readonly record struct ProbeResult(bool Passed, string Message);

/// <summary>Carries out probes as the kubelet does.</summary>
internal sealed class Prober : IDisposable
{
    private const int MaxRedirects = 10;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public Prober(TimeProvider time)
    {
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // Every probe comes on a connection of its own.
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Probes once; what does not answer within the timeout has failed.</summary>
    public async Task<ProbeResult> ProbeAsync(
        ProbeSpec probe, IPAddress address, Func<IReadOnlyList<string>, ProcessStart> exec, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(probe.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return probe.Action switch
            {
                ProbeAction.Http http => await GetAsync(http, address, either.Token).ConfigureAwait(false),
                ProbeAction.Tcp tcp => await ConnectAsync(new(address, tcp.Port), either.Token).ConfigureAwait(false),
                ProbeAction.Exec command => await ExecAsync(exec(command.Command), either.Token).ConfigureAwait(false),
                _ => throw new InvalidOperationException($"A probe of the unknown kind {probe.Action.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, $"{probe.Action.Describe()}: no answer within {Seconds(probe.Timeout)}");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or LocalException)
        {
            return new(false, $"{probe.Action.Describe()}: {(e.InnerException ?? e).Message}");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static async Task<ProbeResult> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
        return new(true, $"connect :{endpoint.Port}: open");
    }

    private static async Task<ProbeResult> ExecAsync(ProcessStart start, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Command.RunAsync(start, null, cancellationToken).ConfigureAwait(false);
        return new(
            exitCode == 0,
            $"{Path.GetFileName(start.Program)}: exit code {exitCode}{(exitCode == 0 ? string.Empty : Command.LastLines(output, 2))}");
    }

    /// <summary>200–399 passes. A redirect is followed on the same host only; to another it passes without being followed.</summary>
    private async Task<ProbeResult> GetAsync(ProbeAction.Http probe, IPAddress address, CancellationToken cancellationToken)
    {
        var uri = new Uri($"http://{address}:{probe.Port}{(probe.Path.StartsWith('/') ? probe.Path : "/" + probe.Path)}");
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.33");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            request.Headers.ConnectionClose = true;
            foreach (var (name, value) in probe.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status is > 300 and < 400 && response.Headers.Location is { } location)
            {
                var next = new Uri(uri, location);
                if (next.Host != uri.Host)
                {
                    return new(true, $"{probe.Describe()}: {status}, redirects to another host ({next.Host}), which is not followed");
                }

                uri = next;
                continue;
            }

            return new(status is >= 200 and < 400, $"{probe.Describe()}: {status}");
        }

        return new(false, $"{probe.Describe()}: more than {MaxRedirects} redirects");
    }
}
