using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Doctor.Model;
using Candor.Testing.Network;

namespace Candor.Doctor.Tests.Url;

public sealed class UrlDoctorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Healthy_service_is_not_diagnosed()
    {
        await using var server = RawServer.Answering(RawServer.Http("200 OK", """{"status":"ready","ready":true,"checks":{"database":{"status":"healthy"}}}"""));
        var diagnosis = await AskAsync(server.Port);
        Assert.Null(diagnosis.Cause);
        Assert.Equal(0, diagnosis.ExitCode);
        Assert.All(diagnosis.Path, step => Assert.Equal(Mark.Passed, step.Mark));
    }

    [Fact]
    public async Task Refused_port_is_distinguished_from_a_firewall()
    {
        var diagnosis = await AskAsync(FreePort.Next());
        AssertDiagnosed(diagnosis, "connection-refused", PathStep.Listener);
        Assert.Contains("refuses", diagnosis.Cause!.Title, StringComparison.Ordinal);
        Assert.Equal(1, diagnosis.ExitCode);
    }

    [Fact]
    public async Task Server_on_loopback_only_is_distinguished_from_a_refused_port()
    {
        await using var server = RawServer.Answering(RawServer.Http("200 OK", "ok"));
        var diagnosis = await AskAsync(server.Port, host: "127.9.8.7");
        AssertDiagnosed(diagnosis, "bound-to-loopback", PathStep.Listener);
        Assert.Equal("F106", diagnosis.Cause!.Fault);
    }

    [Fact]
    public async Task Silent_address_is_called_filtered()
    {
        // A listener whose queue is full drops further connections as a firewall does.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var endpoint = (IPEndPoint)full.LocalEndPoint!;
        var waiting = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        waiting.ForEach(socket => _ = socket.ConnectAsync(endpoint).ContinueWith(_ => { }, TaskScheduler.Default));
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var diagnosis = await AskAsync(endpoint.Port, timeout: TimeSpan.FromMilliseconds(700));
        waiting.ForEach(socket => socket.Dispose());
        AssertDiagnosed(diagnosis, "filtered", PathStep.SecurityGroup);
        Assert.Equal("F102", diagnosis.Cause!.Fault);
    }

    [Fact]
    public async Task Unknown_name_is_reported()
    {
        var diagnosis = await UrlDoctor.AskAsync(new("http://no-such-host.invalid/health"), Second, "200", TimeProvider.System, CancellationToken.None);
        AssertDiagnosed(diagnosis, "name-lookup", PathStep.Balancer);
        Assert.Contains("no-such-host.invalid", diagnosis.Cause!.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("302 Found", "Location: https://login.example.com/\r\n", "", "redirect", PathStep.Endpoint, "https://login.example.com/")]
    [InlineData("401 Unauthorized", "", "", "authentication", PathStep.Endpoint, "login")]
    [InlineData("400 Bad Request", "", "Bad Request - Invalid Hostname", "host-filter", PathStep.Endpoint, "127.0.0.1")]
    [InlineData("500 Internal Server Error", "", "boom", "status", PathStep.Answer, "500")]
    [InlineData("502 Bad Gateway", "Server: nginx\r\n", "", "proxy-without-backend", PathStep.Listener, "nginx")]
    [InlineData("503 Service Unavailable", "Server: awselb/2.0\r\n", "", "no-target", PathStep.Balancer, "registered target")]
    [InlineData("503 Service Unavailable", "", """{"status":"not ready","ready":false,"reason":"circuit open","checks":{"database":{"status":"unhealthy","reason":"authentication"}}}""", "check-failing", PathStep.Check, "database: authentication")]
    [InlineData("503 Service Unavailable", "", """{"status":"DOWN","components":{"db":{"status":"DOWN"},"disk":{"status":"UP"}}}""", "check-failing", PathStep.Check, "db: DOWN")]
    [InlineData("503 Service Unavailable", "", "Unhealthy", "status", PathStep.Answer, "Unhealthy")]
    [InlineData("200 OK", "", "Unhealthy", "status-contradicts-body", PathStep.Check, "Unhealthy")]
    [InlineData("200 OK", "", """{"status":"degraded","ready":true,"checks":{"queue":{"status":"degraded","reason":"dependency down"}}}""", "degraded", PathStep.Check, "queue: dependency down")]
    [InlineData("429 Too Many Requests", "", "", "rate-limit", PathStep.Answer, "429")]
    public async Task Answer_is_named_by_what_it_means(string status, string headers, string body, string cause, PathStep step, string words)
    {
        await using var server = RawServer.Answering(RawServer.Http(status, body, headers));
        var diagnosis = await AskAsync(server.Port);
        AssertDiagnosed(diagnosis, cause, step);
        Assert.Contains(words, diagnosis.Cause!.Title, StringComparison.Ordinal);
        Assert.Empty(diagnosis.Others);
    }

    [Theory]
    [InlineData("starting")]
    [InlineData("draining")]
    public async Task Starting_and_draining_are_no_faults(string status)
    {
        await using var server = RawServer.Answering(RawServer.Http("503 Service Unavailable", "{\"status\":\"" + status + "\",\"ready\":false,\"checks\":{}}"));
        var diagnosis = await AskAsync(server.Port);
        Assert.Null(diagnosis.Cause);
        Assert.Equal(0, diagnosis.ExitCode);
        Assert.Equal("F108", Assert.Single(diagnosis.Notes).Fault);
    }

    [Fact]
    public async Task Wrong_path_names_the_path_that_is_served()
    {
        await using var server = RawServer.Running((stream, request, stop) =>
            stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Http(request.StartsWith("GET /healthz ", StringComparison.Ordinal) ? "200 OK" : "404 Not Found")), stop).AsTask());
        var diagnosis = await AskAsync(server.Port, path: "/ready");
        AssertDiagnosed(diagnosis, "wrong-path", PathStep.Endpoint);
        Assert.Contains("/healthz", diagnosis.Cause!.Title, StringComparison.Ordinal);
        Assert.Equal("F104", diagnosis.Cause.Fault);
    }

    [Fact]
    public async Task Silent_server_is_too_slow_and_not_filtered()
    {
        await using var server = RawServer.Running((_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        var diagnosis = await AskAsync(server.Port, timeout: TimeSpan.FromMilliseconds(400));
        AssertDiagnosed(diagnosis, "too-slow", PathStep.Answer);
        Assert.Equal("F105", diagnosis.Cause!.Fault);
    }

    [Fact]
    public async Task Body_that_never_ends_is_reported()
    {
        await using var server = RawServer.Running(async (stream, _, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray(), stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });
        var diagnosis = await AskAsync(server.Port, timeout: TimeSpan.FromMilliseconds(400));
        AssertDiagnosed(diagnosis, "too-slow", PathStep.Answer);
        Assert.Contains("body", diagnosis.Cause!.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "closed")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "no-http-answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "body-broke-off")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0046", "http-to-https")]
    public async Task Broken_answer_is_named(string answer, string cause)
    {
        await using var server = RawServer.Answering(answer);
        Assert.Equal(cause, (await AskAsync(server.Port)).Cause?.Cause);
    }

    [Fact]
    public async Task Chunked_body_is_read()
    {
        await using var server = RawServer.Answering("HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n{\"status\":\"DOWN\",\"components\":{\"db\":\r\n13\r\n{\"status\":\"DOWN\"}}}\r\n0\r\n\r\n");
        var diagnosis = await AskAsync(server.Port);
        AssertDiagnosed(diagnosis, "check-failing", PathStep.Check);
    }

    [Theory]
    [InlineData("localhost", -10, -1, "tls-expired")]
    [InlineData("localhost", 1, 10, "tls-expired")]
    [InlineData("other.example.com", -10, 10, "tls-name")]
    [InlineData("localhost", -10, 10, "tls-chain")]
    public async Task Certificate_is_looked_at(string name, int from, int until, string cause)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = RawServer.Certificate(name, now.AddDays(from), now.AddDays(until));
        await using var server = RawServer.Running((stream, _, stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Http("200 OK")), stop).AsTask(), certificate);
        var diagnosis = await UrlDoctor.AskAsync(new($"https://localhost:{server.Port}/health"), TimeSpan.FromSeconds(5), "200", TimeProvider.System, CancellationToken.None);
        AssertDiagnosed(diagnosis, cause, PathStep.Endpoint);
    }

    [Fact]
    public async Task Https_to_a_plain_port_and_back_are_reported()
    {
        await using var plain = RawServer.Answering(RawServer.Http("200 OK"));
        var https = await UrlDoctor.AskAsync(new($"https://127.0.0.1:{plain.Port}/health"), TimeSpan.FromSeconds(3), "200", TimeProvider.System, CancellationToken.None);
        AssertDiagnosed(https, "https-to-http", PathStep.Endpoint);

        var now = TimeProvider.System.GetUtcNow();
        using var certificate = RawServer.Certificate("localhost", now.AddDays(-1), now.AddDays(1));
        await using var secured = RawServer.Running((stream, _, stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Http("200 OK")), stop).AsTask(), certificate);
        AssertDiagnosed(await AskAsync(secured.Port, timeout: TimeSpan.FromSeconds(3)), "http-to-https", PathStep.Endpoint);
    }

    private static Task<Diagnosis> AskAsync(int port, string host = "127.0.0.1", string path = "/health", TimeSpan? timeout = null) =>
        UrlDoctor.AskAsync(new($"http://{host}:{port}{path}"), timeout ?? TimeSpan.FromSeconds(5), "200", TimeProvider.System, CancellationToken.None);

    private static void AssertDiagnosed(Diagnosis diagnosis, string cause, PathStep step)
    {
        Assert.Equal(cause, diagnosis.Cause?.Cause);
        Assert.Equal(step, diagnosis.Cause!.Step);
        Assert.Equal(Mark.Broken, diagnosis.Path.Single(mark => mark.Step == step).Mark);
        Assert.DoesNotContain(diagnosis.Path, mark => mark.Step > step && mark.Mark == Mark.Passed);
    }
}
