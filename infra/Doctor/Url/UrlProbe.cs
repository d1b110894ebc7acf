using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Candor.Doctor.Url;

/// <summary>Asks a URL once as a prober does, and writes down how far it came. Sends GET requests and nothing else.</summary>
internal sealed class UrlProbe(TimeProvider time)
{
    /// <summary>
    /// Where services commonly have their health; asked only when the given path is not found, and only on the same host and port.
    /// </summary>
    internal static readonly string[] CommonPaths =
        ["/health", "/healthz", "/readyz", "/ready", "/livez", "/health/ready", "/actuator/health", "/status", "/ping"];

    private static readonly TimeSpan Extra = TimeSpan.FromSeconds(1);

    /// <summary>Asks.</summary>
    internal async Task<UrlFacts> AskAsync(UrlFacts asked, CancellationToken cancellationToken)
    {
        var facts = await ResolveAsync(asked, cancellationToken).ConfigureAwait(false);
        if (facts.Addresses.Count == 0)
        {
            return facts;
        }

        var left = facts.Timeout;
        facts = await ConnectAndAskAsync(facts, facts.Url.Scheme == Uri.UriSchemeHttps, facts.Url.PathAndQuery, left, cancellationToken)
            .ConfigureAwait(false);
        if (facts.ConnectError is SocketError.ConnectionRefused && facts.Endpoint is { } refused)
        {
            return facts with { OnLoopbackOnly = await IsOnLoopbackAsync(refused, cancellationToken).ConfigureAwait(false) };
        }

        if (facts.Tls is { Failure: not null }
            || facts.Http is { End: HttpEnd.NotHttp or HttpEnd.Closed or HttpEnd.Reset or HttpEnd.NoAnswerInTime } or { Status: 400 })
        {
            var other = await ConnectAndAskAsync(facts with { Http = null, Tls = null }, facts.Tls is null, facts.Url.PathAndQuery, Extra,
                cancellationToken).ConfigureAwait(false);
            return facts with { OtherProtocolAnswers = other is { Http.Status: not (null or 400) } };
        }

        return facts.Http is { Status: 404 }
            ? facts with { OtherPaths = await OtherPathsAsync(facts, cancellationToken).ConfigureAwait(false) }
            : facts;
    }

    private static async Task<UrlFacts> ResolveAsync(UrlFacts facts, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(facts.Url.Host.Trim('[', ']'), out var address))
        {
            return facts with { Addresses = [address] };
        }

        try
        {
            return facts with
            {
                Addresses = await Dns.GetHostAddressesAsync(facts.Url.DnsSafeHost, cancellationToken)
                .WaitAsync(facts.Timeout, cancellationToken).ConfigureAwait(false)
            };
        }
        catch (SocketException exception)
        {
            return facts with { NameError = exception.SocketErrorCode };
        }
        catch (TimeoutException)
        {
            return facts with { NameError = SocketError.TimedOut };
        }
    }

    private async Task<UrlFacts> ConnectAndAskAsync(UrlFacts facts, bool tls, string path, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var began = time.GetTimestamp();
        Socket? socket = null;
        foreach (var address in facts.Addresses)
        {
            var endpoint = new IPEndPoint(address, facts.Url.Port);
            (socket, var error) = await ConnectAsync(endpoint, either.Token, cancellationToken).ConfigureAwait(false);
            facts = facts with { Endpoint = endpoint, ConnectError = error, ConnectTime = time.GetElapsedTime(began) };
            if (socket is not null || error == SocketError.TimedOut)
            {
                break;
            }
        }

        if (socket is null)
        {
            return facts;
        }

        await using var stream = new NetworkStream(socket, ownsSocket: true);
        if (!tls)
        {
            return facts with
            {
                Http = await new HttpExchange(time, began)
                .AskAsync(stream, facts.Url, path, either.Token, cancellationToken).ConfigureAwait(false)
            };
        }

        var (secured, seen) = await SecureAsync(stream, facts.Url.DnsSafeHost, either.Token, cancellationToken).ConfigureAwait(false);
        if (secured is null)
        {
            return facts with { Tls = seen };
        }

        await using (secured)
        {
            return facts with
            {
                Tls = seen,
                Http = await new HttpExchange(time, began)
                .AskAsync(secured, facts.Url, path, either.Token, cancellationToken).ConfigureAwait(false)
            };
        }
    }

    private static async Task<(Socket? Socket, SocketError? Error)> ConnectAsync(IPEndPoint endpoint, CancellationToken limit,
        CancellationToken user)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, limit).ConfigureAwait(false);
            return (socket, null);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return (null, exception.SocketErrorCode);
        }
        catch (OperationCanceledException) when (!user.IsCancellationRequested)
        {
            socket.Dispose();
            return (null, SocketError.TimedOut);
        }
    }

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation",
        Justification = "What is wrong with the certificate is what is looked for; nothing is sent but a GET without credentials.")]
    private static async Task<(SslStream? Stream, TlsFacts Seen)> SecureAsync(Stream inner, string host, CancellationToken limit,
        CancellationToken user)
    {
        var seen = new TlsFacts(SslPolicyErrors.None, X509ChainStatusFlags.NoError, string.Empty, [], string.Empty, null, null, null);
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = host,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        seen = Read(certificate as X509Certificate2, chain, errors);
                        return true;
                    },
                },
                limit).ConfigureAwait(false);
            return (stream, seen);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return (null, seen with { Failure = (exception.InnerException ?? exception).Message });
        }
        catch (OperationCanceledException) when (!user.IsCancellationRequested)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return (null, seen with { Failure = "the handshake was not answered in time" });
        }
    }

    private static TlsFacts Read(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) => new(
        errors,
        chain is null ? X509ChainStatusFlags.NoError
            : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status),
        certificate?.Subject ?? string.Empty,
        [.. certificate?.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(ip => ip.ToString()))) ?? []],
        certificate?.Issuer ?? string.Empty,
        certificate?.NotBefore.ToUniversalTime(),
        certificate?.NotAfter.ToUniversalTime(),
        null);

    /// <summary>A service that is bound to loopback refuses on every other address of the same machine.</summary>
    private static async Task<bool> IsOnLoopbackAsync(IPEndPoint refused, CancellationToken cancellationToken)
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Any(address => address.Address.Equals(refused.Address));
        var loopback = refused.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        if ((!own && !IPAddress.IsLoopback(refused.Address)) || refused.Address.Equals(loopback))
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Extra);
        var (socket, _) = await ConnectAsync(new(loopback, refused.Port), limit.Token, cancellationToken).ConfigureAwait(false);
        socket?.Dispose();
        return socket is not null;
    }

    private async Task<IReadOnlyList<string>> OtherPathsAsync(UrlFacts facts, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var path in CommonPaths.Where(path => path != facts.Url.AbsolutePath))
        {
            var answer = await ConnectAndAskAsync(facts with { Http = null, Tls = null }, facts.Tls is not null, path, Extra,
                cancellationToken).ConfigureAwait(false);
            if (answer.Http?.Status is 200 or 503)
            {
                found.Add(path);
            }
        }

        return found;
    }
}
