using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

/// <summary>The status page over HTTP: who may read it, who may act by it, and what a browser that comes and goes is sent.</summary>
public sealed partial class StatusPageTests : IAsyncLifetime, IDisposable
{
    private readonly Source _source = new();
    private readonly HttpClient _http = new();
    private StatusPage _page = null!;

    public async Task InitializeAsync()
    {
        _page = await StartAsync(readOnly: false);
        _http.BaseAddress = new Uri(_page.Url);
    }

    public async Task DisposeAsync() => await _page.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/app.js", "text/javascript")]
    [InlineData("/app.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Page_and_its_parts_may_take_nothing_from_elsewhere(string path, string type)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:{port}")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1.evil.example:{port}")]
    public async Task Name_that_was_led_here_by_somebody_else_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Headers = { Host = host.Replace("{port}", $"{_page.Port}", StringComparison.Ordinal) },
        };
        using var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.DoesNotContain(await TokenAsync(), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_site_gets_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/stream");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Action_with_the_pages_token_is_done_and_answered()
    {
        using var answer = await ActAsync(new { action = "scale", target = "orders", replicas = 3 }, await TokenAsync(), _page.Url);

        Assert.Equal("""{"done":"scale orders 3"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(new PageAction("scale", "orders", 3), Assert.Single(_source.Done));
    }

    [Fact]
    public async Task Action_without_the_token_or_from_another_origin_or_in_another_form_is_refused()
    {
        var token = await TokenAsync();
        var action = new { action = "kill", target = "orders-1" };
        using var none = await ActAsync(action, null, _page.Url);
        using var wrong = await ActAsync(action, token[..^1] + "x", _page.Url);
        using var origin = await ActAsync(action, token, "http://evil.example");
        using var cut = await ActAsync(action, token, "http://127.0.0.1:1");
        using var form = await ActAsync(action, token, _page.Url, "text/plain");

        Assert.All([none, wrong, origin, cut, form], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Empty(_source.Done);
    }

    [Fact]
    public async Task Page_that_only_shows_does_nothing()
    {
        await using var page = await StartAsync(readOnly: true);
        using var http = new HttpClient { BaseAddress = new Uri(page.Url) };
        var text = await http.GetStringAsync(new Uri("/", UriKind.Relative));
        using var answer = await ActAsync(new { action = "kill", target = "orders-1" }, TokenIn(text), page.Url, http: http);

        Assert.Contains("name=\"candor-read-only\" content=\"true\"", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("--page-read-only", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_source.Done);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"action\":\"link\",\"mode\":\"broken\"}")]
    public async Task Action_that_is_unknown_is_refused(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/actions")
        {
            Content = new StringContent(body, null, "application/json"),
        };
        request.Headers.Add(StatusPage.TokenHeader, await TokenAsync());
        using var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Browser_that_comes_back_is_sent_what_it_missed_and_one_of_another_run_everything()
    {
        _source.Board.Add("orders-1", ProberKind.Readiness, true, TimeSpan.FromMilliseconds(3), "GET :8080/health: 200");
        var (id, first) = await FirstAsync(null);
        _source.Board.Add("orders-1", ProberKind.Balancer, false, TimeSpan.FromMilliseconds(5), "answered 503");
        _source.History.Report(new(DateTimeOffset.UnixEpoch, LocalEventKind.Failure, "orders-1", "</script><b>"));

        var (_, second) = await FirstAsync(id);
        var (_, other) = await FirstAsync("another-run:5:5");

        Assert.False((bool)first["resumed"]!);
        Assert.Equal("readiness", (string)Assert.Single(first["marks"]!.AsArray())![1]!);
        Assert.True((bool)second["resumed"]!);
        Assert.Equal("answered 503", (string)Assert.Single(second["marks"]!.AsArray())![5]!);
        Assert.Equal("</script><b>", (string)Assert.Single(second["events"]!.AsArray())!["message"]!);
        Assert.Equal("failure", (string)second["events"]![0]!["kind"]!);
        Assert.Equal(2, other["marks"]!.AsArray().Count);
        Assert.Equal("dev", (string)other["present"]!["status"]!["stack"]!);
    }

    [Fact]
    public async Task Port_in_use_is_reported_with_the_way_out()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        var error = await Assert.ThrowsAsync<LocalException>(() => StatusPage.StartAsync(
            _source, ((IPEndPoint)holder.LocalEndpoint).Port, false, TimeProvider.System));

        Assert.Contains("--page off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_kept_by_lane_and_no_more_of_them_than_were_said()
    {
        var board = new ProbeBoard(TimeProvider.System);
        for (var number = 0; number < 2 * ProbeBoard.MarksPerLane; number++)
        {
            board.Add("busy", ProberKind.Readiness, true, TimeSpan.Zero, "");
        }

        board.Add("quiet", ProberKind.Liveness, true, TimeSpan.Zero, "");
        Assert.Equal(ProbeBoard.MarksPerLane + 1, board.Since(0).Marks.Count);

        for (var number = 0; number < 2 * ProbeBoard.MostLanes; number++)
        {
            board.Add($"pod-{number}", ProberKind.Startup, true, TimeSpan.Zero, "");
        }

        Assert.Equal(ProbeBoard.MostLanes, board.Since(0).Marks.Select(mark => mark.Pod).Distinct().Count());
        var (_, last) = board.Since(0);
        board.Add("new", ProberKind.Balancer, false, TimeSpan.Zero, "x");
        Assert.Equal("new", Assert.Single(board.Since(last).Marks).Pod);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using (request)
        {
            return await http.SendAsync(request);
        }
    }

    private Task<HttpResponseMessage> ActAsync(
        object action, string? token, string origin, string type = "application/json", HttpClient? http = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/actions")
        {
            Content = new StringContent(JsonSerializer.Serialize(action), null, type),
        };
        request.Headers.Add("Origin", origin);
        if (token is not null)
        {
            request.Headers.Add(StatusPage.TokenHeader, token);
        }

        return SendAsync(http ?? _http, request);
    }

    private async Task<(string Id, JsonNode Update)> FirstAsync(string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var id = string.Empty;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, JsonNode.Parse(line[6..])!);
            }
        }

        throw new InvalidOperationException("The stream ended before its first update.");
    }

    [Fact]
    public async Task Recording_is_one_file_that_loads_nothing_and_runs_only_its_own_script()
    {
        _source.Recorder.Add(PageUpdate.Present(_source, []));
        using var answer = await _http.GetAsync(new Uri("/api/recording", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.DoesNotContain(" src=", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" href=\"app", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("'sha256-").Length - 1);
        Assert.Contains("default-src 'none'", text, StringComparison.Ordinal);
        var packed = Convert.FromBase64String(text.Split("id=\"recording\">")[1].Split('<')[0]);
        using var stream = new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        var frame = (await JsonNode.ParseAsync(stream))!["runs"]![0]!["frames"]![0]!;
        Assert.Equal("dev", frame["present"]!["status"]!["stack"]!.GetValue<string>());
        Assert.True(frame["hello"]!.GetValue<bool>());
    }

    private async Task<string> TokenAsync() => TokenIn(await _http.GetStringAsync(new Uri("/", UriKind.Relative)));

    private static string TokenIn(string page) => Token().Match(page).Groups[1].Value;

    private async Task<StatusPage> StartAsync(bool readOnly)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return await StatusPage.StartAsync(_source, port, readOnly, TimeProvider.System);
    }

    [GeneratedRegex("name=\"candor-token\" content=\"([0-9a-f]{32})\"")]
    private static partial Regex Token();

    private sealed class Source : IPageSource
    {
        public List<PageAction> Done { get; } = [];

        public string RunId => "run";

        public LocalStatus Status { get; } = new()
        {
            Stack = "dev",
            Supervisor = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            Speed = 1,
            Healthy = true,
            Urls = [],
            Workloads = [],
            Pods = [],
            Targets = [],
        };

        public ProbeBoard Board { get; } = new(TimeProvider.System);

        public PageHistory History { get; } = new(TimeProvider.System);

        public IReadOnlyDictionary<string, JsonElement> Verdicts { get; } = new Dictionary<string, JsonElement>();

        public IReadOnlyList<PageLink> Links => [];

        public IReadOnlyList<MadeFault> Faults => [];

        public PageRecorder Recorder { get; } = new(TimeProvider.System);

        public object FactsOf => Done;

        public JsonObject Facts => [];

        public LocalClient Client => throw new NotSupportedException();

        public Task<string> ActAsync(PageAction action)
        {
            Done.Add(action);
            return Task.FromResult($"{action.Action} {action.Target} {action.Replicas}");
        }

        public string Unexpected(string what, Exception exception) => throw new InvalidOperationException(what, exception);
    }
}
