using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Health.Tests.Orders;

/// <summary>N309: no body, header, query or path of any bytes makes Orders answer 5xx. Bytes go over a socket: a client would tidy them.</summary>
[Collection(OrdersTests.Name)]
public sealed class HostileRequestTests(OrdersServers servers, OrdersFixture fixture) : IClassFixture<OrdersFixture>
{
    // Each case is one connection; a few thousand take seconds.
    private const int Cases = 3_000;

    private static readonly string[] Escapes =
        ["\\ud800", "\\udfff", "\\ud83d\\ude00", "\\ud800\\ud800", "\\u0000", "\\ufffe", "\\u202e", "\\u0085", "\\n", "\\\"", "\\/", "\\x41", "\\u12"];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "10001", "1e400", "-1e400", "1E-400", "1.0", "01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "2147483648", "9223372036854775808",
        "99999999999999999999999999999999999999", "1e", "--1", "1_000", "٣", "1e+2",
    ];

    private static readonly string[] Json = ["{", "}", "[", "]", ":", ",", "\"", "null", "true", "false", "\"item\"", "\"quantity\"", "\"item\":\"tea\"", "\"quantity\":2", "//", "/**/", " ", "\n", "\u00a0"];

    private static readonly byte[][] Invalid =
    [
        [0xff], [0xfe, 0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0x80], [0], [0xef, 0xbb, 0xbf], [0x1f, 0x8b],
    ];

    private static Gen<byte[]> Bytes => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    private static Gen<byte[]> Fragment => Gen.OneOf(
        Gen.Elements(Escapes).Select(Utf8),
        Gen.Elements(Numbers).Select(Utf8),
        Gen.Elements(Json).Select(Utf8),
        Gen.Elements(Invalid),
        Bytes);

    private static Gen<byte[]> Name => Gen.OneOf(Gen.Constant(Utf8("item")), Gen.Constant(Utf8("quantity")), Gen.Constant(Utf8("\\u0069tem")), Text);

    private static Gen<byte[]> Text => Gen.OneOf(Gen.Elements(Escapes).Select(Utf8), Gen.Elements(Invalid), Gen.Constant(Utf8("tea")), Gen.Constant(Utf8("")))
        .ArrayOf().Select(Joined);

    private static Gen<byte[]> Value => Gen.OneOf(
        Text.Select(text => Joined([Utf8("\""), text, Utf8("\"")])),
        Gen.Elements(Numbers).Select(Utf8),
        Gen.Choose(1, 200).Select(depth => Utf8(string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)))),
        Gen.Choose(1, 200).Select(depth => Utf8(string.Concat(Enumerable.Repeat("{\"item\":", depth)))),
        Gen.Constant(Utf8("{\"a\":1,\"a\":2}")),
        Gen.Constant(Utf8("null")));

    // An object whose names and values are hostile one by one, so that most cases get past the parser.
    private static Gen<byte[]> Object =>
        from fields in (from name in Name from value in Value select Joined([Utf8("\""), name, Utf8("\":"), value])).ArrayOf()
        from valid in Gen.Elements("", "\"item\":\"tea\"", "\"quantity\":2", "\"item\":\"tea\",\"quantity\":2")
        from first in Gen.Elements(true, false)
        let parts = fields.Append(Utf8(valid)).Where(part => part.Length > 0).ToArray()
        let ordered = first ? parts.Reverse() : parts
        select Joined([Utf8("{"), .. ordered.SelectMany((part, index) => index == 0 ? [part] : new[] { Utf8(","), part }), Utf8("}")]);

    private static Gen<byte[]> Body => Gen.OneOf(
        Object, Object, Object, Fragment.ArrayOf().Select(Joined), Bytes, Gen.Choose(0, 40_000).Select(length => Utf8($"{{\"item\":\"{new string('x', length)}\",\"quantity\":1}}")));

    // No line end and no blank: those would make it another request, and the server's own grammar is not ours to test.
    private static Gen<byte[]> Line => Gen.OneOf(Bytes, Fragment.ArrayOf().Select(Joined), Gen.Elements("%", "%00", "%ff", "%zz", "%2f", "%c0%80", "%ed%a0%80", "..", "//", "{0x1,0x2}", "+", "&limit=2", "=").Select(Utf8).ArrayOf().Select(Joined))
        .Select(bytes => bytes.Where(value => value is not ((byte)'\r' or (byte)'\n' or (byte)' ')).Take(300).ToArray());

    private static Gen<byte[]> Target => Gen.OneOf(
        Gen.Constant(Utf8("/orders")),
        Gen.Constant(Utf8("/orders")),
        Line.Select(query => Joined([Utf8("/orders?limit="), query])),
        Line.Select(query => Joined([Utf8("/orders?"), query])),
        Line.Select(id => Joined([Utf8("/orders/"), id])),
        Line.Select(path => Joined([Utf8("/"), path])));

    private static Gen<byte[]> Header =>
        from name in Gen.Elements(
            "Idempotency-Key", "Content-Type", "Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Host", "Origin", "Range", "If-None-Match", "Authorization", "traceparent",
            "tracestate", "baggage", "Request-Id", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-HTTP-Method-Override", "Expect", "Upgrade", "Candor-Canary")
        from value in Gen.OneOf(Line, Gen.Elements("application/json", "application/json; charset=utf-16", "text/html", "*/*", "a,b", "websocket", "h2c", "100-continue", "").Select(Utf8))
        select Joined([Utf8(name + ": "), value, Utf8("\r\n")]);

    private static Gen<Request> Requests =>
        from method in Gen.Frequency((6, Gen.Constant("POST")), (3, Gen.Constant("GET")), (1, Gen.Elements("PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "FOO")))
        from target in Target
        from headers in Header.ArrayOf().Select(all => all.Take(4).ToArray())
        from json in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
        from chunked in Gen.Frequency((1, Gen.Constant(true)), (5, Gen.Constant(false)))
        from body in Body
        select new Request(method, target, headers, json, chunked, body);

    [Fact]
    public void Request_of_any_bytes_is_never_answered_5xx()
    {
        var statuses = new Dictionary<int, int>();
        Prop.ForAll(Requests.ToArbitrary(), request =>
        {
            var status = SendAsync(request.ToBytes()).GetAwaiter().GetResult();
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            return status is >= 200 and < 500;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(12));

        // What was sent got past the server and its parser in all the ways that there are.
        Assert.All([201, 400, 404, 413, 415], status => Assert.True(statuses.ContainsKey(status), $"No case was answered {status}."));
    }

    [Theory]
    [InlineData("""{"\ud800":1,"item":"a","quantity":2}""")]
    [InlineData("""{"item":"a","quantity":2,"\ud800":1}""")]
    [InlineData("""{"item":"a","quantity":2,"\udc00\ud800":{"\ud800":1}}""")]
    public async Task Name_with_half_of_a_surrogate_pair_is_the_clients_mistake(string body) =>
        Assert.Equal(400, await PostAsync(Utf8(body)));

    [Fact]
    public async Task Invalid_utf8_is_the_clients_mistake_wherever_it_stands()
    {
        foreach (var invalid in Invalid.Where(bytes => bytes is not ([0xef, 0xbb, 0xbf] or [0x1f, 0x8b])))
        {
            Assert.Equal(400, await PostAsync(Joined([Utf8("{\""), invalid, Utf8("\":1,\"item\":\"a\",\"quantity\":2}")])));
            Assert.Equal(400, await PostAsync(Joined([Utf8("{\"item\":\""), invalid, Utf8("\",\"quantity\":2}")])));
        }
    }

    [Fact]
    public async Task Byte_order_mark_before_the_object_is_accepted() =>
        Assert.Equal(201, await PostAsync(Joined([[0xef, 0xbb, 0xbf], Utf8("""{"item":"a","quantity":2}""")])));

    [Fact]
    public async Task Text_that_the_databases_encoding_cannot_hold_is_the_clients_mistake()
    {
        var database = $"latin_{Guid.NewGuid():n}";
        await servers.Postgres.ExecuteAsync($"create database {database} encoding 'LATIN1' locale 'C' template template0");
        await using var orders = OrdersProcess.Start(OrdersProcess.OnFreePorts(), servers.Connections(database));
        await orders.UntilAsync("/health", HttpStatusCode.OK);

        using var content = new StringContent("""{"item":"茶","quantity":2}""", Encoding.UTF8, "application/json");
        using var answer = await orders.Client.PostAsync(new Uri("/orders", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private Task<int> PostAsync(byte[] body) => SendAsync(new Request("POST", Utf8("/orders"), [], Json: true, Chunked: false, body).ToBytes());

    /// <returns>The status; 400 when the server closed the connection without one, which is its answer to what is no request.</returns>
    private async Task<int> SendAsync(byte[] request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Orders.Contract.Port), limit.Token);
        var received = new MemoryStream();
        try
        {
            await socket.SendAsync(request, limit.Token);
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
            {
                received.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // The server answered and closed before it had read everything (413); what had arrived counts.
        }

        var answer = Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length);
        while (answer.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
        {
            answer = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        }

        return answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 400;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Joined(byte[][] parts) => [.. parts.SelectMany(part => part)];

    private sealed record Request(string Method, byte[] Target, byte[][] Headers, bool Json, bool Chunked, byte[] Body)
    {
        public byte[] ToBytes()
        {
            var length = Chunked ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
            var type = Json ? "Content-Type: application/json\r\n" : "";
            byte[][] body = Chunked && Body.Length > 0
                ? [Utf8(Body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), Body, Utf8("\r\n0\r\n\r\n")]
                : Chunked ? [Utf8("0\r\n\r\n")] : [Body];
            return Joined([Utf8(Method + " "), Target, Utf8(" HTTP/1.1\r\nHost: orders\r\nConnection: close\r\n" + type), .. Headers, Utf8(length + "\r\n"), .. body]);
        }

        public override string ToString() => Encoding.Latin1.GetString(ToBytes());
    }
}
