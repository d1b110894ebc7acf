using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Candor.Local;

/// <summary>
/// The status page: one static page and a stream of what happens, on loopback only. Each browser is sent what is new since its last look, from
/// stores of fixed size, so that a slow or suspended tab costs nothing and catches up when it comes back.
/// </summary>
internal sealed class StatusPage : IAsyncDisposable
{
    /// <summary>The header of the token that every action carries.</summary>
    public const string TokenHeader = "X-Candor-Token";

    private const int MostViewers = 32;
    private const int LongestAction = 4096;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions _json = PageUpdate.Json;

    private readonly IPageSource _source;
    private readonly TimeProvider _time;
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly bool _readOnly;
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _application;
    private int _viewers;

    private StatusPage(IPageSource source, int port, bool readOnly, TimeProvider time)
    {
        _source = source;
        _readOnly = readOnly;
        _time = time;
        Port = port;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestAction;
            kestrel.Limits.MaxConcurrentConnections = 4 * MostViewers;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        // The supervisor has its own way with signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _application = builder.Build();
        _application.Use(Guard);
        _application.UseRouting();
        Map();
    }

    public int Port { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>Whether somebody looks, so that pods are worth asking.</summary>
    public bool IsWatched => Volatile.Read(ref _viewers) > 0;

    /// <summary>Begins to serve.</summary>
    /// <exception cref="LocalException">The port is in use.</exception>
    public static async Task<StatusPage> StartAsync(IPageSource source, int port, bool readOnly, TimeProvider time)
    {
        PortOwner.RequireFree(new IPEndPoint(IPAddress.Loopback, port), "The status page", "End it, choose another port with --page PORT, or turn it off with --page off.");
        var page = new StatusPage(source, port, readOnly, time);
        try
        {
            await page._application.StartAsync().ConfigureAwait(false);
            return page;
        }
        catch (IOException e)
        {
            await page.DisposeAsync().ConfigureAwait(false);
            throw new LocalException($"The status page cannot listen on 127.0.0.1:{port}: {e.Message} Choose another port with --page PORT, or turn it off with --page off.", e);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Map()
    {
        _application.MapGet("/", () => Results.Text(PageSite.Text("index.html").Replace("{{token}}", _token, StringComparison.Ordinal).Replace("{{readOnly}}", _readOnly ? "true" : "false", StringComparison.Ordinal), "text/html", Encoding.UTF8));
        foreach (var (name, type) in new[] { ("app.js", "text/javascript"), ("app.css", "text/css"), ("icon.svg", "image/svg+xml") })
        {
            _application.MapGet($"/{name}", () => Results.Text(PageSite.Text(name), type, Encoding.UTF8));
        }

        _application.MapGet("/api/stream", StreamAsync);
        _application.MapGet("/api/logs", LogsAsync);
        _application.MapGet("/api/recording", RecordAsync);
        _application.MapPost("/api/actions", ActAsync);
    }

    /// <summary>
    /// Only who asks for this very address: a name that another site leads here (DNS rebinding) is refused. Nothing may be framed, sniffed,
    /// kept, or taken from another host.
    /// </summary>
    private Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!IsOurs(context.Request.Host.Value))
        {
            return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, $"This page is {Url}; requests for another host name are refused.");
        }

        // A browser says where a request comes from; a page of anybody else's gets nothing, reading included.
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none"
            ? next(context)
            : RefuseAsync(context, StatusCodes.Status403Forbidden, "This page answers requests from its own origin only.");
    }

    private bool IsOurs(string? host) => host is not null && (host == Authority("127.0.0.1") || host == Authority("localhost"));

    private string Authority(string name) => string.Create(CultureInfo.InvariantCulture, $"{name}:{Port}");

    private async Task StreamAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _viewers) > MostViewers)
        {
            Interlocked.Decrement(ref _viewers);
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{MostViewers} pages are open; close one.").ConfigureAwait(false);
            return;
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
            await BeginStreamAsync(context, end.Token).ConfigureAwait(false);
            await PushAsync(context, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The tab is closed, or the run ends.
        }
        finally
        {
            Interlocked.Decrement(ref _viewers);
        }
    }

    private async Task PushAsync(HttpContext context, CancellationToken end)
    {
        // Who comes back goes on where it was, as far as that is kept; who was with another run gets all there is.
        var (probes, history) = Position(context.Request.Headers["Last-Event-ID"].ToString());
        var hello = true;
        object? facts = null;
        var (present, said) = (string.Empty, _time.GetTimestamp());
        while (true)
        {
            var (marks, lastMark) = _source.Board.Since(probes);
            var (events, samples, spans, lastEvent) = _source.History.Since(history);
            var now = PageUpdate.Present(_source, spans);
            var others = facts != _source.FactsOf;
            if (others || hello || now != present || marks.Count > 0 || events.Count > 0 || samples.Count > 0 || _time.GetElapsedTime(said) > _heartbeat)
            {
                facts = _source.FactsOf;
                var update = PageUpdate.Of(
                    _source.RunId, _time.GetUtcNow(), others ? _source.Facts : null, now == present ? null : now, marks, events, samples, hello, resumed: probes > 0);
                (probes, history, hello, said, present) = (lastMark, lastEvent, false, _time.GetTimestamp(), now);
                await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"{_source.RunId}:{probes}:{history}"), update.ToJsonString(), end).ConfigureAwait(false);
            }

            await Task.Delay(_look, _time, end).ConfigureAwait(false);
        }
    }

    private (long Probes, long History) Position(string lastEventId) =>
        lastEventId.Split(':') is [var run, var probes, var history] && run == _source.RunId
            && long.TryParse(probes, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(history, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? (first, second)
            : (0, 0);

    private async Task LogsAsync(HttpContext context)
    {
        var pod = context.Request.Query["pod"].ToString();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            var lines = _source.Client.ReadLogAsync(pod, lines: 200, follow: true, end.Token).GetAsyncEnumerator(end.Token);
            await using (lines.ConfigureAwait(false))
            {
                var any = await lines.MoveNextAsync().ConfigureAwait(false);
                await BeginStreamAsync(context, end.Token).ConfigureAwait(false);
                while (any)
                {
                    await WriteAsync(context, null, JsonSerializer.Serialize(lines.Current, _json), end.Token).ConfigureAwait(false);
                    any = await lines.MoveNextAsync().ConfigureAwait(false);
                }
            }
        }
        catch (LocalException e)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, e.Message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody looks any more.
        }
    }

    /// <summary>The last 15 minutes as one file, to look at later or elsewhere.</summary>
    private async Task RecordAsync(HttpContext context)
    {
        var now = _time.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"candor-{_source.Status.Stack}-{now:yyyyMMdd-HHmmss}.html");
        var since = int.TryParse(context.Request.Query["seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? now.AddSeconds(-seconds) : DateTimeOffset.MinValue;
        var run = PageReplay.Run(_source, since, string.Create(CultureInfo.InvariantCulture, $"stack {_source.Status.Stack}, until {now:yyyy-MM-dd HH:mm:ss} UTC"), string.Empty);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(PageReplay.Write(new() { ["runs"] = new JsonArray(run) }), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task ActAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(context.Request.Headers[TokenHeader].ToString()), Encoding.ASCII.GetBytes(_token))
            || (origin.Length > 0 && !(origin.StartsWith("http://", StringComparison.Ordinal) && IsOurs(origin["http://".Length..])))
            || !context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "An action comes from the page itself, with its token. Reload the page.").ConfigureAwait(false);
            return;
        }

        PageAction? action;
        try
        {
            action = await context.Request.ReadFromJsonAsync<PageAction>(_json, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            action = null;
        }

        if (action is null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The request is invalid.").ConfigureAwait(false);
            return;
        }

        // The doctor only reads.
        if (_readOnly && action.Action != "doctor")
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The page is read-only: the stack was started with --page-read-only.").ConfigureAwait(false);
            return;
        }

        try
        {
            await context.Response.WriteAsJsonAsync(new { done = await _source.ActAsync(action).ConfigureAwait(false) }, _json, context.RequestAborted).ConfigureAwait(false);
        }
        catch (LocalException e)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, e.Message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or IOException))
        {
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, _source.Unexpected($"'{action.Action}' of the status page failed", e)).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = why }, _json, context.RequestAborted);
    }

    private static Task BeginStreamAsync(HttpContext context, CancellationToken end)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync("retry: 1000\n\n", end);
    }

    /// <summary>JSON has no line break in it, so it is one line of the stream.</summary>
    private static async Task WriteAsync(HttpContext context, string? id, string json, CancellationToken end)
    {
        await context.Response.WriteAsync(id is null ? $"data: {json}\n\n" : $"id: {id}\ndata: {json}\n\n", end).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(end).ConfigureAwait(false);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
