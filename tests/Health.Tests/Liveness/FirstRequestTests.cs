using System.Text;
using Candor.Contract;
using Candor.Health.Liveness;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Liveness;

/// <summary>Reading a probe from the first bytes of a connection.</summary>
public sealed class FirstRequestTests
{
    private static readonly HealthPaths Paths = new();

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: x\r\nUser-Agent: kube-probe/1.32\r\n\r\n", "Liveness", "Full", false)]
    [InlineData("HEAD /health HTTP/1.1\r\nUser-Agent: kube-probe/1.32\r\n\r\n", "Readiness", "Full", true)]
    [InlineData("GET /health?scope=local HTTP/1.0\r\nUser-Agent:kube-probe/1.32\r\n\r\n", "Readiness", "Local", false)]
    [InlineData("GET /startupz?x=1 HTTP/1.1\r\nuser-agent: kube-probe/1.32\r\n\r\n", "Startup", "Full", false)]
    public void Probe_is_read_whole(string text, string path, string scope, bool headOnly)
    {
        var request = FirstRequest.Read(Encoding.ASCII.GetBytes(text + "GET / HTTP/1.1\r\n"), Paths);

        Assert.Equal(
            (FirstBytes.Probe, path, scope, headOnly, text.Length, "kube-probe/1.32"),
            (request.Kind, request.Path.ToString(), request.Scope.ToString(), request.HeadOnly, request.Length, request.Agent));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /healthz/more HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health?scope=everything HTTP/1.1\r\n\r\n")]
    [InlineData("POST /healthz HTTP/1.1\r\n\r\n")]
    [InlineData("GET /healthz HTTP/2.0\r\n\r\n")]
    [InlineData("GET /healthz\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("GET /orders")]
    public void Anything_else_is_left_to_the_server(string text) =>
        Assert.Equal(FirstBytes.NotAProbe, FirstRequest.Read(Encoding.Latin1.GetBytes(text), Paths).Kind);

    [Fact]
    public void Probe_that_arrives_in_pieces_is_waited_for()
    {
        var whole = Encoding.ASCII.GetBytes("GET /healthz?x=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Equal(FirstBytes.Incomplete, FirstRequest.Read(whole.AsSpan(0, length), Paths).Kind);
        }

        Assert.Equal(FirstBytes.Probe, FirstRequest.Read(whole, Paths).Kind);
    }

    [Fact]
    public void Endless_probe_is_left_to_the_server() =>
        Assert.Equal(FirstBytes.NotAProbe, FirstRequest.Read(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nX: " + new string('x', FirstRequest.MaximumLength)), Paths).Kind);

    [Fact]
    public void No_bytes_make_it_throw() =>
        Prop.ForAll(Gen.Elements("GET ", "HEAD ", "/health", "/healthz", "?", "scope=", "local", " HTTP/1.1", "\r", "\n", "\r\n\r\n", ":", "User-Agent", "\0", "é").ListOf().ToArbitrary(), parts =>
        {
            FirstRequest.Read(Encoding.UTF8.GetBytes(string.Concat(parts)), Paths);
            return true;
        }).QuickCheckThrowOnFailure();
}
