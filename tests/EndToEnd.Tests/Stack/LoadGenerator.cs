using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Candor.EndToEnd.Tests.Stack;

/// <summary>What a load saw.</summary>
/// <param name="Requests">Requests that were sent and answered, or failed.</param>
/// <param name="Failed">Those that failed: no answer, or one of 500 and above.</param>
/// <param name="Slow">How many of all took a second or more by intention.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Failures">The first few failures in words.</param>
internal sealed record LoadResult(long Requests, long Failed, long Slow, double Rate, IReadOnlyList<string> Failures);

/// <summary>
/// Users: some keep their connections, some open a new one for each request, and some send an order so slowly that it takes
/// seconds. Everything a user would call a failure is counted.
/// </summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private readonly HttpClient _kept;
    private readonly HttpClient _fresh;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _users = [];
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _slowRequest;
    private readonly string _path;
    private long _requests;
    private long _failed;
    private long _slow;

    private LoadGenerator(Uri url, TimeSpan slowRequest, string path, TimeSpan requestTimeout)
    {
        _kept = new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            })
        { BaseAddress = url, Timeout = requestTimeout };
        _fresh = new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.Zero,
            })
        { BaseAddress = url, Timeout = requestTimeout };
        _slowRequest = slowRequest;
        _path = path;
    }

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Begins to send about <paramref name="rate"/> requests a second.</summary>
    /// <param name="url">The balancer.</param>
    /// <param name="rate">Requests a second over all users; less when the machine cannot.</param>
    /// <param name="slowRequest">How long the slow ones take to send.</param>
    /// <param name="requestTimeout">How long a user waits for an answer.</param>
    /// <param name="path">What is read; orders are posted to <c>/orders</c> in any case.</param>
    public static LoadGenerator Start(
        Uri url, int rate, TimeSpan slowRequest, string path = "/orders?limit=1", TimeSpan? requestTimeout = null)
    {
        const int Users = 16;
        var load = new LoadGenerator(url, slowRequest, path, requestTimeout ?? TimeSpan.FromSeconds(30));
        var pause = TimeSpan.FromSeconds((double)Users / rate);
        for (var i = 0; i < Users; i++)
        {
            var client = i % 4 == 0 ? load._fresh : load._kept;
            var number = i;
            load._users.Add(Task.Run(() => load.UserAsync(client, pause, number)));
        }

        for (var i = 0; i < 3; i++)
        {
            load._users.Add(Task.Run(load.SlowUserAsync));
        }

        return load;
    }

    /// <summary>Stops, lets what is under way end, and tells.</summary>
    public async Task<LoadResult> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_users);
        return new(_requests, _failed, _slow, _requests / _watch.Elapsed.TotalSeconds, [.. _failures]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _kept.Dispose();
        _fresh.Dispose();
        _stop.Dispose();
    }

    private async Task UserAsync(HttpClient client, TimeSpan pause, int number)
    {
        using var timer = new PeriodicTimer(pause);
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var posts = (i + number) % 10 == 0;
            await CountAsync(() => posts
                ? client.PostAsync("/orders", JsonContent.Create(new { item = "tea", quantity = 1 }))
                : client.GetAsync(_path));
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SlowUserAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _slow);
            await CountAsync(async () =>
            {
                using var content = new SlowJson("{\"item\":\"slow tea\",\"quantity\":1}"u8.ToArray(), _slowRequest);
                return await _fresh.PostAsync("/orders", content);
            });
        }
    }

    private async Task CountAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using var response = await send();
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
            {
                Fail($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            Fail((e.InnerException ?? e).Message);
        }

        Interlocked.Increment(ref _requests);
    }

    private void Fail(string what)
    {
        Interlocked.Increment(ref _failed);
        if (_failures.Count < 20)
        {
            _failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}");
        }
    }

    /// <summary>A body that takes its time.</summary>
    private sealed class SlowJson : HttpContent
    {
        private const int Pieces = 8;
        private readonly byte[] _bytes;
        private readonly TimeSpan _duration;

        public SlowJson(byte[] bytes, TimeSpan duration)
        {
            _bytes = bytes;
            _duration = duration;
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in _bytes.Chunk((_bytes.Length / Pieces) + 1))
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
                await Task.Delay(_duration / Pieces, TimeProvider.System);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
