using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Candor.Doctor.Tests.Url;

/// <summary>A server that answers with exactly the bytes that a test wants.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private RawServer(IPAddress address, int port, Func<Stream, string, CancellationToken, Task> answer, X509Certificate2? certificate)
    {
        _listener = new(address, port);
        _listener.Start();
        _running = RunAsync(answer, certificate);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal static RawServer Answering(string text, IPAddress? address = null, int port = 0) =>
        new(address ?? IPAddress.Loopback, port, (stream, _, stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop).AsTask(), null);

    internal static RawServer Running(Func<Stream, string, CancellationToken, Task> answer, X509Certificate2? certificate = null, IPAddress? address = null, int port = 0) =>
        new(address ?? IPAddress.Loopback, port, answer, certificate);

    /// <summary>An HTTP answer.</summary>
    internal static string Http(string status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>A certificate of its own for a name.</summary>
    internal static X509Certificate2 Certificate(string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(from, until);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Stream, string, CancellationToken, Task> answer, X509Certificate2? certificate)
    {
        var open = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer, certificate));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client, Func<Stream, string, CancellationToken, Task> answer, X509Certificate2? certificate)
    {
        try
        {
            using (client)
            {
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsServerAsync(new() { ServerCertificate = certificate }, _stop.Token);
                    stream = secured;
                }

                await using (stream)
                {
                    var buffer = new byte[8192];
                    var count = await stream.ReadAsync(buffer, _stop.Token);
                    await answer(stream, Encoding.ASCII.GetString(buffer, 0, count), _stop.Token);
                    await stream.FlushAsync(_stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The peer has seen enough.
        }
    }
}
