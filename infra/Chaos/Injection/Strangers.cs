using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Candor.Chaos.Injection;

/// <summary>Clients beside the users, who do what users do not: nothing of it may show in health.</summary>
/// <param name="Kind">What they do.</param>
/// <param name="Number">How many at once.</param>
/// <param name="MostAllowed">The highest status code that may be answered.</param>
internal sealed record Strangers(StrangerKind Kind, int Number, int MostAllowed = 499) : Inject
{
    public override string Undone => "they go away";

    public override Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        site.Hold(this, new Crowd(this, site));
        return Task.CompletedTask;
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        var crowd = site.Held<Crowd>(this);
        await site.ReleaseAsync(this);
        if (crowd is not null)
        {
            site.Told.Add($"{Kind}: {crowd.Summary()}");
            if (crowd.Worst > MostAllowed)
            {
                site.Complaints.Add($"{Kind} was answered {crowd.Worst}; at most {MostAllowed} is allowed ({crowd.Summary()})");
            }
        }
    }

    /// <summary>Those that run now.</summary>
    private sealed class Crowd : IAsyncDisposable
    {
        private static readonly string[] _bodies =
        [
            "", "{", "[]", "null", "\"x\"", "{\"item\":null}", "{\"item\":\"tea\",\"quantity\":-1}", "{\"item\":\"tea\",\"quantity\":1e400}", "{\"item\":\"a\\u0000b\",\"quantity\":1}",
            "{\"item\":\"\\ud800\",\"quantity\":1}", "{\"item\":\"tea\",\"item\":\"x\",\"quantity\":1}", "{\"item\":\"tea\",\"quantity\":\"1\"}", new string('[', 5000), "{\"item\":\"tea\",\"quantity\":1",
        ];

        private static readonly string[] _paths =
        [
            "/orders/%00", "/orders/..%2f..%2fetc%2fpasswd", "/orders?limit=999999999999999999999", "/orders?limit=-1", "/orders/%c0%af", "/orders/" + new string('a', 2000), "/%2e%2e/%2e%2e", "/orders?limit=1&limit=2",
        ];

        private readonly CancellationTokenSource _stop = new();
        private readonly Strangers _what;
        private readonly Site _site;
        private readonly HttpClient _http;
        private readonly List<Task> _tasks = [];
        private readonly ConcurrentDictionary<string, int> _answers = new();
        private readonly Lazy<Task<IReadOnlyList<Candor.Local.LocalPod>>> _pods;
        private int _worst;

        public Crowd(Strangers what, Site site)
        {
            _what = what;
            _site = site;
            _pods = new(() => site.ReplicasAsync(_stop.Token));
            _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = site.Url, Timeout = TimeSpan.FromSeconds(30) };
            for (var i = 0; i < what.Number; i++)
            {
                var number = i;
                _tasks.Add(Task.Run(() => LoopAsync(number)));
            }
        }

        public int Worst => _worst;

        /// <summary>Between two requests of one of them.</summary>
        private TimeSpan Pause => TimeSpan.FromMilliseconds(_what.Kind switch { StrangerKind.Burst => 20, StrangerKind.Probers => 2000, _ => 100 });

        public string Summary() => string.Join(", ", _answers.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Value} × {one.Key}"));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_tasks);
            _http.Dispose();
            _stop.Dispose();
        }

        private async Task LoopAsync(int number)
        {
            for (var i = number; !_stop.IsCancellationRequested; i++)
            {
                try
                {
                    await OnceAsync(i);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or SocketException)
                {
                    if (!_stop.IsCancellationRequested)
                    {
                        _answers.AddOrUpdate("no answer", 1, (_, count) => count + 1);
                    }
                }

                await Task.Delay(Pause, _site.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task OnceAsync(int turn)
        {
            switch (_what.Kind)
            {
                case StrangerKind.BadRequests:
                    Count(turn % 2 == 0 ? await PostAsync("{\"item\":\"\",\"quantity\":-1}") : await _http.GetAsync(new Uri("/orders/nothing", UriKind.Relative), _stop.Token));
                    break;
                case StrangerKind.Hostile:
                    Count((turn % 3) switch
                    {
                        0 => await PostAsync(_bodies[turn % _bodies.Length]),
                        1 => await _http.GetAsync(new Uri(_paths[turn % _paths.Length], UriKind.Relative), _stop.Token),
                        _ => await OddHeadersAsync(turn),
                    });
                    break;
                case StrangerKind.SlowUploads:
                    await SlowUploadAsync();
                    break;
                case StrangerKind.SlowReaders:
                    await SlowReaderAsync();
                    break;
                case StrangerKind.Cancelled:
                    await CancelledAsync();
                    break;
                case StrangerKind.CutBodies:
                    await CutBodyAsync();
                    break;
                case StrangerKind.Probers:
                    await ProbeAsync(turn);
                    break;
                default:
                    Count(await _http.GetAsync(new Uri("/orders?limit=5", UriKind.Relative), _stop.Token));
                    break;
            }
        }

        private void Count(HttpResponseMessage answer)
        {
            using (answer)
            {
                var code = (int)answer.StatusCode;
                Count(code);
            }
        }

        private void Count(int code)
        {
            _answers.AddOrUpdate(code.ToString(CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
            int seen;
            while (code > (seen = _worst) && Interlocked.CompareExchange(ref _worst, code, seen) != seen)
            {
            }
        }

        private async Task<HttpResponseMessage> PostAsync(string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            return await _http.PostAsync(new Uri("/orders", UriKind.Relative), content, _stop.Token);
        }

        private async Task<HttpResponseMessage> OddHeadersAsync(int turn)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/orders", UriKind.Relative)) { Content = new StringContent("{\"item\":\"tea\",\"quantity\":1}", Encoding.UTF8, turn % 2 == 0 ? "text/xml" : "application/json") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', 300));
            request.Headers.TryAddWithoutValidation("X-Odd", "'; drop table orders; --");
            return await _http.SendAsync(request, _stop.Token);
        }

        private async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Parse(_site.Url.Host), _site.Url.Port, _stop.Token);
            return socket;
        }

        /// <summary>A body of which a byte comes every half second; it ends with an answer or when it is cut.</summary>
        private async Task SlowUploadAsync()
        {
            using var socket = await ConnectAsync();
            await SendAsync(socket, "POST /orders HTTP/1.1\r\nHost: orders\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{");
            var answer = ReadStatusAsync(socket);
            while (!_stop.IsCancellationRequested && !answer.IsCompleted)
            {
                await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500), _site.Time, _stop.Token));
                if (!answer.IsCompleted)
                {
                    await SendAsync(socket, " ");
                }
            }

            if (answer.IsCompletedSuccessfully && await answer is > 0 and var code)
            {
                Count(code);
            }
        }

        /// <summary>An answer that is read a byte at a time.</summary>
        private async Task SlowReaderAsync()
        {
            using var socket = await ConnectAsync();
            socket.ReceiveBufferSize = 1024;
            await SendAsync(socket, "GET /orders?limit=100 HTTP/1.1\r\nHost: orders\r\n\r\n");
            var one = new byte[1];
            for (var i = 0; i < 40 && !_stop.IsCancellationRequested; i++)
            {
                if (await socket.ReceiveAsync(one, _stop.Token) == 0)
                {
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), _site.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _answers.AddOrUpdate("read slowly", 1, (_, count) => count + 1);
        }

        private async Task CancelledAsync()
        {
            using var socket = await ConnectAsync();
            await SendAsync(socket, "GET /orders?limit=100 HTTP/1.1\r\nHost: orders\r\n\r\n");
            socket.LingerState = new(true, 0);
            _answers.AddOrUpdate("cancelled", 1, (_, count) => count + 1);
        }

        private async Task CutBodyAsync()
        {
            using var socket = await ConnectAsync();
            await SendAsync(socket, "POST /orders HTTP/1.1\r\nHost: orders\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{\"item\":");
            await Task.Delay(TimeSpan.FromMilliseconds(20), _site.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            socket.LingerState = new(true, 0);
            _answers.AddOrUpdate("cut", 1, (_, count) => count + 1);
        }

        private async Task ProbeAsync(int turn)
        {
            var pods = await _pods.Value;
            var pod = pods[turn % pods.Count];
            Count(await _http.GetAsync(new Uri($"http://{pod.Address}:{pod.Ports["http"]}/health"), _stop.Token));
        }

        private static async Task<int> ReadStatusAsync(Socket socket)
        {
            var buffer = new byte[512];
            try
            {
                var read = await socket.ReceiveAsync(buffer);
                var words = Encoding.ASCII.GetString(buffer, 0, read).Split(' ');
                return words.Length > 1 && int.TryParse(words[1], out var code) ? code : 0;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }

        private async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
    }
}

/// <summary>What clients do.</summary>
internal enum StrangerKind
{
    /// <summary>Requests that are wrong: 400 and 404.</summary>
    BadRequests,

    /// <summary>Bodies, names and headers that try to break something.</summary>
    Hostile,
    SlowUploads,
    SlowReaders,
    Cancelled,
    CutBodies,

    /// <summary>Many who ask for health at once.</summary>
    Probers,

    /// <summary>Ordinary requests, many.</summary>
    Burst,
}
