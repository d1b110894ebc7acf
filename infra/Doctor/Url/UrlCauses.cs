using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Candor.Contract;
using Candor.Doctor.Model;

namespace Candor.Doctor.Url;

/// <summary>Base of the causes that a URL's own answer shows.</summary>
internal abstract class UrlCause : Cause<UrlFacts>
{
    internal override string Name => Id;

    protected static string Text(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");

    protected Finding Of(UrlFacts facts, PathStep step, string title, string fix) => new()
    {
        Cause = Id,
        Subject = facts.Url.ToString(),
        Title = title,
        Step = step,
        Fix = fix,
        Evidence = [.. Seen(facts)],
    };

    private static IEnumerable<Evidence> Seen(UrlFacts facts)
    {
        var url = $"GET {facts.Url}";
        if (facts.NameError is { } name)
        {
            yield return new($"{facts.Url.Host}: {name}", "name lookup", facts.At);
        }

        if (facts.Endpoint is { } endpoint)
        {
            yield return new(
                facts.ConnectError is { } error ? $"{endpoint}: {error} after {Text(facts.ConnectTime)}" : $"{endpoint}: connected after {Text(facts.ConnectTime)}",
                "TCP connect",
                facts.At);
        }

        if (facts.Tls is { } tls)
        {
            yield return new(tls.Failure ?? $"certificate of {Names(tls)} by {tls.Issuer}, valid {tls.NotBefore:yyyy-MM-dd} to {tls.NotAfter:yyyy-MM-dd}", "TLS handshake", facts.At);
        }

        if (facts.Http is { } http)
        {
            yield return new(
                http.Status is { } status
                    ? string.Create(CultureInfo.InvariantCulture, $"status {status} after {Text(http.Time)}, body of {http.BodyLength} bytes after {Text(http.BodyTime)}")
                    : $"{http.End} after {Text(http.Time)}",
                url,
                facts.At);
            if (http.Body.Length > 0 && http.Status is { } code && !facts.IsHealthyCode(code))
            {
                yield return new($"body: {SafeText.Short(SafeText.Of(http.Body), 240)}", url, facts.At);
            }
        }
    }

    protected static string Names(TlsFacts tls) => tls.Names.Count == 0 ? tls.Subject : string.Join(", ", tls.Names.Take(4));
}

/// <summary>The host name has no address.</summary>
internal sealed class NameNotFound : UrlCause
{
    internal override string Id => "name-lookup";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.NameError is { } error)
        {
            yield return error is SocketError.TryAgain or SocketError.TimedOut
                ? Of(facts, PathStep.Balancer, $"The name server did not answer for {facts.Url.Host}: no address, so nothing was asked.", "Look at the name server of this machine (/etc/resolv.conf) and the route to it.")
                : Of(facts, PathStep.Balancer, $"The name {facts.Url.Host} has no address: it does not exist, or not where this machine looks names up.", "Correct the name, or create its DNS record; a cluster's names exist inside the cluster only.");
        }
    }
}

/// <summary>The port refuses: the machine is there, and nothing listens.</summary>
internal sealed class Refused : UrlCause
{
    internal override string Id => "connection-refused";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.ConnectError == SocketError.ConnectionRefused)
        {
            yield return facts.OnLoopbackOnly
                ? Of(facts, PathStep.Listener, $"{facts.Endpoint} refuses the connection, and the loopback address accepts it on the same port: the server is bound to loopback only.", $"Bind the server to every address (ASP.NET: ASPNETCORE_URLS=http://+:{facts.Url.Port}; Candor: leave CANDOR_BIND unset).") with { Fault = "F106", Cause = "bound-to-loopback" }
                : Of(facts, PathStep.Listener, $"{facts.Endpoint} refuses the connection: the machine is reached, and nothing listens on port {facts.Url.Port}. No firewall drops it.", "Start the service, or correct the port: its log names the one on which it listens. A server bound to 127.0.0.1 refuses on every other address too.");
        }
    }
}

/// <summary>Nothing comes back: a firewall drops the packets, or nobody has the address.</summary>
internal sealed class Filtered : UrlCause
{
    internal override string Id => "filtered";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.ConnectError == SocketError.TimedOut)
        {
            yield return Of(facts, PathStep.SecurityGroup, $"{facts.Endpoint} does not answer within {Text(facts.ConnectTime)}: the packets are dropped on the way (filtered), or no host has the address.", $"Look at what stands between: security group, network ACL, NetworkPolicy, firewall for TCP {facts.Url.Port}; and whether the address is still that of the service.") with { Fault = "F102", Confidence = Confidence.Likely };
        }
    }
}

/// <summary>No way to the network.</summary>
internal sealed class NoRoute : UrlCause
{
    internal override string Id => "no-route";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.ConnectError is { } error and not SocketError.ConnectionRefused and not SocketError.TimedOut)
        {
            yield return error == SocketError.ConnectionReset
                ? Of(facts, PathStep.Listener, $"{facts.Endpoint} resets the connection while it is made.", "Something between resets it (a firewall that rejects, a proxy without a backend), or the server's queue of connections is full.")
                : Of(facts, PathStep.SecurityGroup, $"No connection to {facts.Endpoint}: {error}. There is no route from this machine, or a router rejects it.", "Ask from a machine inside that network, or look at the route tables on the way.");
        }
    }
}

/// <summary>No TLS handshake.</summary>
internal sealed class NoTls : UrlCause
{
    internal override string Id => "tls-handshake";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Tls is { Failure: { } failure })
        {
            yield return facts.OtherProtocolAnswers
                ? Of(facts, PathStep.Endpoint, $"Port {facts.Url.Port} speaks plain HTTP and was asked over HTTPS.", $"Ask http://{facts.Url.Authority}{facts.Url.PathAndQuery}, or set the probe's protocol to HTTP.") with { Cause = "https-to-http" }
                : Of(facts, PathStep.Endpoint, $"The TLS handshake with {facts.Endpoint} fails: {failure}.", "Look at the versions and ciphers that the server allows, and whether it wants a client certificate.");
        }
    }
}

/// <summary>The certificate is not one that a client would accept.</summary>
internal sealed class WrongCertificate : UrlCause
{
    internal override string Id => "tls-certificate";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Tls is not { Failure: null, Errors: not SslPolicyErrors.None } tls)
        {
            yield break;
        }

        if (tls.NotAfter < facts.At || tls.NotBefore > facts.At)
        {
            var expired = tls.NotAfter < facts.At;
            yield return Of(facts, PathStep.Endpoint, expired
                ? $"The certificate of {Names(tls)} expired on {tls.NotAfter:yyyy-MM-dd HH:mm'Z'}."
                : $"The certificate of {Names(tls)} is not valid before {tls.NotBefore:yyyy-MM-dd HH:mm'Z'}: it is too new, or a clock is wrong.", "Renew the certificate (an ALB's own checks do not look at it, users do).") with
            { Cause = "tls-expired" };
        }
        else if (tls.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return Of(facts, PathStep.Endpoint, $"The certificate is for {Names(tls)}, and {facts.Url.Host} was asked.", "Ask by a name of the certificate, or have one issued for this name.") with { Cause = "tls-name" };
        }
        else
        {
            yield return Of(facts, PathStep.Endpoint, $"The certificate of {Names(tls)} is not trusted here: {Chain(tls)}.", "Serve the whole chain, or have clients trust the issuer.") with { Cause = "tls-chain" };
        }
    }

    private static string Chain(TlsFacts tls) =>
        tls.Subject == tls.Issuer && tls.Subject.Length > 0 ? "it is self-signed"
        : tls.Chain.HasFlag(X509ChainStatusFlags.PartialChain) ? $"its issuer {tls.Issuer} is not in the chain that the server sends"
        : tls.Chain.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? $"its root is unknown ({tls.Issuer})"
        : tls.Chain.ToString();
}

/// <summary>The connection is accepted, and what comes is no HTTP answer.</summary>
internal sealed class NoHttp : UrlCause
{
    internal override string Id => "no-http-answer";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Http is not { } http || facts.Tls is { Failure: not null })
        {
            yield break;
        }

        if (facts.Tls is null && (IsTlsAlert(http) || WantsTls(http) || (http.Status is null && facts.OtherProtocolAnswers)))
        {
            yield return Of(facts, PathStep.Endpoint, $"Port {facts.Url.Port} speaks TLS and was asked over plain HTTP.", $"Ask https://{facts.Url.Authority}{facts.Url.PathAndQuery}, or set the probe's protocol to HTTPS.") with { Cause = "http-to-https" };
        }
        else if (http.End == HttpEnd.NotHttp)
        {
            yield return Of(facts, PathStep.Endpoint, $"Port {facts.Url.Port} accepts the connection and answers with something that is no HTTP/1.1{Sample(http)}.", "Correct the port, or the protocol: this looks like another service, or one that speaks HTTP/2 only.");
        }
        else if (http.End is HttpEnd.Reset or HttpEnd.Closed && http.Status is null)
        {
            yield return Of(facts, PathStep.Answer, $"Port {facts.Url.Port} accepts the connection and {(http.End == HttpEnd.Reset ? "resets" : "closes")} it without an answer after {Text(http.Time)}.", "Look at the server's log: it crashed, refused the request, or a proxy in front of it has no backend.") with { Cause = http.End == HttpEnd.Reset ? "reset" : "closed" };
        }
    }

    // The alert record of TLS, https://www.rfc-editor.org/rfc/rfc8446#section-5.1
    private static bool IsTlsAlert(HttpFacts http) => http is { End: HttpEnd.NotHttp, FirstBytes: [0x15, 0x03, ..] };

    private static bool WantsTls(HttpFacts http) => http.Status == 400 &&
        (http.Body.Contains("HTTPS port", StringComparison.OrdinalIgnoreCase) || http.Body.Contains("HTTP request to an HTTPS server", StringComparison.OrdinalIgnoreCase));

    private static string Sample(HttpFacts http)
    {
        var text = SafeText.Of(Encoding.Latin1.GetString([.. http.FirstBytes.Take(40)]));
        return text.Length == 0 ? string.Empty : $" (\"{text}\")";
    }
}

/// <summary>The answer is later than the prober waits.</summary>
internal sealed class TooSlow : UrlCause
{
    internal override string Id => "too-slow";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Http is { End: HttpEnd.NoAnswerInTime } && !facts.OtherProtocolAnswers)
        {
            yield return Of(facts, PathStep.Answer, $"The connection is accepted, and there is no answer within the time-out of {Text(facts.Timeout)}.", "Measure with a longer --timeout. Where it then answers, the time-out must be above the time that health takes; where it never does, the process stands still (stopped, starved, deadlocked).") with { Fault = "F105" };
        }
        else if (facts.Http is { End: HttpEnd.BodyNotInTime } late)
        {
            yield return Of(facts, PathStep.Answer, $"The status {late.Status} came after {Text(late.Time)}, and the body not whole within the time-out of {Text(facts.Timeout)}.", "Look at what the health endpoint writes: its body should be small and written at once.") with { Fault = "F105" };
        }
        else if (facts.Http is { End: HttpEnd.BodyBrokeOff } broken)
        {
            yield return Of(facts, PathStep.Answer, string.Create(CultureInfo.InvariantCulture, $"The status {broken.Status} came, and the body broke off after {broken.BodyLength} bytes."), "Look at the server's log: it failed while it wrote the answer.") with { Cause = "body-broke-off" };
        }
    }
}

/// <summary>The status is not one that means healthy.</summary>
internal sealed class WrongStatus : UrlCause
{
    internal override string Id => "status";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Http is not { End: HttpEnd.Answered, Status: { } status } http || facts.IsHealthyCode(status))
        {
            yield break;
        }

        var body = HealthBody.Read(http.Body);
        yield return status switch
        {
            >= 300 and < 400 => Of(facts, PathStep.Endpoint, $"The path {facts.Url.AbsolutePath} redirects ({status}) to {http.Headers.GetValueOrDefault("location") ?? "nowhere (no Location)"}; a balancer's check does not follow redirects, and expects {facts.Codes}.", "Except the health path from the redirect (to HTTPS, to a login, to a trailing slash), or probe the address that it points to.") with { Fault = "F107", Cause = "redirect" },
            401 or 403 or 407 => Of(facts, PathStep.Endpoint, $"The path {facts.Url.AbsolutePath} wants a login ({status}); probers have none.", "Allow the health path without authentication (ASP.NET: AllowAnonymous).") with { Fault = "F107", Cause = "authentication" },
            404 or 410 => Of(facts, PathStep.Endpoint, $"The server does not have the path {facts.Url.AbsolutePath} ({status}){Known(facts)}.", facts.OtherPaths.Count > 0 ? $"Probe {facts.OtherPaths[0]} instead, or map {facts.Url.AbsolutePath}." : "Correct the path: the app's routes say what it serves.") with { Fault = "F104", Cause = "wrong-path" },
            400 or 421 when IsHostFilter(http) => Of(facts, PathStep.Endpoint, $"The server refuses the host name {facts.Url.Host} ({status}): probers ask by address, and a host filter does not know it.", "Let the health path pass the host filter (ASP.NET: AllowedHosts).") with { Fault = "F107", Cause = "host-filter" },
            405 => Of(facts, PathStep.Endpoint, $"The path {facts.Url.AbsolutePath} does not allow GET (405).", "Map GET on the health path.") with { Cause = "method" },
            429 => Of(facts, PathStep.Answer, "The server limits the rate of probes (429).", "Except the health path from rate limiting.") with { Cause = "rate-limit" },
            502 or 504 => Of(facts, PathStep.Listener, $"A proxy answers {status}: it reaches no backend{(http.Headers.TryGetValue("server", out var server) ? $" (server: {server})" : string.Empty)}.", "Ask the backend itself: the proxy is there, and the service behind it is not.") with { Cause = "proxy-without-backend" },
            503 when http.Headers.GetValueOrDefault("server")?.StartsWith("awselb", StringComparison.OrdinalIgnoreCase) == true =>
                Of(facts, PathStep.Balancer, "The load balancer itself answers 503: its target group has no registered target.", "Register targets: look at the TargetGroupBinding and its Service, or run candor doctor --target-group.") with { Cause = "no-target" },
            _ when body.Status is "draining" => Of(facts, PathStep.Check, "The instance is draining and reports that on purpose.", "Wait: it ends by itself, and its replacement serves.") with { Fault = "F108", Cause = "draining", Severity = Severity.Note },
            _ when body.Status is "starting" => Starting(facts, body),
            _ when body.Checks.Count + body.Operations.Count > 0 => Of(facts, PathStep.Check, $"The service reports {body.Status} ({status}): {Parts(body)}.", "The probe is right: look at what the named check asks.") with { Cause = "check-failing" },
            _ => Of(facts, PathStep.Answer, $"The answer is {status}{(body.Status is { } word ? $" with the word \"{SafeText.Short(word, 40)}\"" : string.Empty)}; expected {facts.Codes}.", status >= 500 ? "Look at the server's log for this request." : "Correct the path or the expected codes (--codes)."),
        };
    }

    private Finding Starting(UrlFacts facts, HealthBody body)
    {
        var open = body.Checks.Count == 0 ? string.Empty : $" Open: {string.Join(", ", body.Checks.Select(check => check.Name))}.";
        return Of(facts, PathStep.Check, $"The instance is starting.{open}", "Wait until its start-up tasks have ended; the start-up probe's settings limit how long it may take.") with { Fault = "F108", Cause = "starting", Severity = Severity.Note };
    }

    private static string Parts(HealthBody body) => string.Join("; ", body.Operations.Concat(body.Checks).OrderByDescending(part => part.IsFailing).Take(4).Select(part => part.Text));

    private static string Known(UrlFacts facts) => facts.OtherPaths.Count == 0 ? string.Empty : $"; it does have {string.Join(", ", facts.OtherPaths)}";

    private static bool IsHostFilter(HttpFacts http) => http.Status == 421 || http.Body.Contains("Invalid Hostname", StringComparison.OrdinalIgnoreCase) || http.Body.Contains("DisallowedHost", StringComparison.Ordinal);
}

/// <summary>The status means healthy, and the body says otherwise, or the answer is close to its limits.</summary>
internal sealed class HealthyWithDoubts : UrlCause
{
    // Half of the time-out leaves no room for a busy moment.
    private const double NearTimeout = 0.5;
    private const int LargeBody = 64 * 1024;

    internal override string Id => "healthy-with-doubts";

    internal override IEnumerable<Finding> Find(UrlFacts facts)
    {
        if (facts.Http is not { End: HttpEnd.Answered, Status: { } status } http || !facts.IsHealthyCode(status))
        {
            yield break;
        }

        var body = HealthBody.Read(http.Body);
        if (body.SaysHealthy == false)
        {
            yield return Of(facts, PathStep.Check, $"The status {status} means healthy, but the body says \"{SafeText.Short(body.Status ?? string.Empty, 40)}\": probers read the status only.", "Answer 503 when the service is not ready.") with { Cause = "status-contradicts-body" };
        }
        else if (body.Checks.Concat(body.Operations).ToList() is { Count: > 0 } parts)
        {
            yield return Of(facts, PathStep.Check, $"The service is ready, and not all of it works: {string.Join("; ", parts.Take(4).Select(part => part.Text))}.", "Probes pass on purpose; look at what the named check asks.") with { Cause = "degraded", Severity = Severity.Warning };
        }

        if (http.BodyTime > facts.Timeout * NearTimeout)
        {
            yield return Of(facts, PathStep.Answer, $"The answer took {Text(http.BodyTime)} of a time-out of {Text(facts.Timeout)}: a busy moment makes the probe fail.", "Make health quicker (a budget for its checks), or the time-out longer.") with { Cause = "near-timeout", Fault = "F105", Severity = Severity.Warning };
        }

        if (http.BodyLength > LargeBody)
        {
            yield return Of(facts, PathStep.Answer, string.Create(CultureInfo.InvariantCulture, $"The body has {http.BodyLength} bytes; every prober loads it every few seconds."), "Answer with a few hundred bytes.") with { Cause = "large-body", Severity = Severity.Note };
        }
    }
}

/// <summary>Every cause of a URL, in the order of the path.</summary>
internal static class UrlCauses
{
    internal static IReadOnlyList<UrlCause> All { get; } =
        [new NameNotFound(), new Filtered(), new NoRoute(), new Refused(), new NoTls(), new WrongCertificate(), new NoHttp(), new TooSlow(), new WrongStatus(), new HealthyWithDoubts()];

    /// <summary>Parses codes such as <c>200</c> or <c>200-299,301</c>.</summary>
    internal static Func<int, bool>? Codes(string text) => StatusCodes.TryParse(text, out var codes) ? codes.Contains : null;
}
