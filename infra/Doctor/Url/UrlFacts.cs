using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Candor.Doctor.Url;

/// <summary>What a probe of a URL ran into, in the order in which it happened. What was not reached is null.</summary>
public sealed record UrlFacts
{
    /// <summary>What was asked.</summary>
    public required Uri Url { get; init; }

    /// <summary>How long a prober waits for the whole answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The status codes that mean healthy, as the user gave them.</summary>
    public required string Codes { get; init; }

    /// <summary>Whether a status code means healthy.</summary>
    public required Func<int, bool> IsHealthyCode { get; init; }

    /// <summary>When the question was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The addresses of the name; empty when it has none.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Why the name has no address.</summary>
    public SocketError? NameError { get; init; }

    /// <summary>Which address was connected to, or tried last.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>Why no connection was made; <see cref="SocketError.TimedOut"/> when nothing answered.</summary>
    public SocketError? ConnectError { get; init; }

    /// <summary>How long the connection took, or was waited for.</summary>
    public TimeSpan ConnectTime { get; init; }

    /// <summary>Whether the same port accepts connections on the loopback address while another own address refuses them.</summary>
    public bool OnLoopbackOnly { get; init; }

    /// <summary>What TLS came to; null for plain HTTP.</summary>
    public TlsFacts? Tls { get; init; }

    /// <summary>What HTTP came to.</summary>
    public HttpFacts? Http { get; init; }

    /// <summary>What the other protocol gave on the same port, where the asked one gave no HTTP.</summary>
    public bool OtherProtocolAnswers { get; init; }

    /// <summary>Paths that answer with a healthy code, where the asked one was not found.</summary>
    public IReadOnlyList<string> OtherPaths { get; init; } = [];
}

/// <summary>What a TLS handshake came to.</summary>
/// <param name="Errors">What is wrong with the certificate.</param>
/// <param name="Chain">The chain's problems.</param>
/// <param name="Subject">Whom the certificate names.</param>
/// <param name="Names">The host names that it is for.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="Failure">Why no handshake was made at all, or null.</param>
public sealed record TlsFacts(
    SslPolicyErrors Errors,
    X509ChainStatusFlags Chain,
    string Subject,
    IReadOnlyList<string> Names,
    string Issuer,
    DateTimeOffset? NotBefore,
    DateTimeOffset? NotAfter,
    string? Failure);

/// <summary>What an HTTP exchange came to.</summary>
public sealed record HttpFacts
{
    /// <summary>The status, or null when there was no HTTP answer.</summary>
    public int? Status { get; init; }

    /// <summary>Until the status line was there, or until it was given up.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Until the whole body was there, or until it was given up.</summary>
    public TimeSpan BodyTime { get; init; }

    /// <summary>Why there was no answer, or no whole one.</summary>
    public HttpEnd End { get; init; }

    /// <summary>The answer's headers, names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The first part of the body.</summary>
    public string Body { get; init; } = string.Empty;

    /// <summary>How many bytes of the body came.</summary>
    public long BodyLength { get; init; }

    /// <summary>The first bytes that came, where they were no HTTP.</summary>
    public IReadOnlyList<byte> FirstBytes { get; init; } = [];
}

/// <summary>How an HTTP exchange ended.</summary>
public enum HttpEnd
{
    /// <summary>With a whole answer.</summary>
    Answered,

    /// <summary>No status line in time.</summary>
    NoAnswerInTime,

    /// <summary>A status line, and not the whole body in time.</summary>
    BodyNotInTime,

    /// <summary>The connection was reset.</summary>
    Reset,

    /// <summary>The connection was closed without an answer.</summary>
    Closed,

    /// <summary>What came was no HTTP.</summary>
    NotHttp,

    /// <summary>The body broke off.</summary>
    BodyBrokeOff,
}
