using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Candor.Local;
using Candor.Testing.Time;

namespace Candor.Infra.Tests.Local;

/// <summary>An ALB's check of a target, against a real socket; only time is the test's.</summary>
public sealed class TargetCheckTests : IDisposable
{
    private static readonly TargetGroupSpec _group = new()
    {
        Name = "orders",
        Id = null,
        CheckPath = "/health",
        Matcher = "200-204",
        Interval = TimeSpan.FromSeconds(10),
        Timeout = TimeSpan.FromSeconds(5),
        HealthyThreshold = 2,
        UnhealthyThreshold = 3,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly Target _target = new();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Target_is_healthy_by_its_first_passed_check_and_by_the_thresholds_from_then_on()
    {
        using var check = Start();
        await ExpectAsync(check, TargetState.Initial, 503);
        await ExpectAsync(check, TargetState.Initial, 404);
        await ExpectAsync(check, TargetState.Healthy, 204);
        await ExpectAsync(check, TargetState.Healthy, 500);
        await ExpectAsync(check, TargetState.Healthy, 302);
        await ExpectAsync(check, TargetState.Healthy, 200);
        await ExpectAsync(check, TargetState.Healthy, 503);
        await ExpectAsync(check, TargetState.Healthy, 500);
        await ExpectAsync(check, TargetState.Unhealthy, 503);
        await ExpectAsync(check, TargetState.Unhealthy, 200);
        await ExpectAsync(check, TargetState.Healthy, 201);
        Assert.All(_target.Requests, request => Assert.StartsWith("GET /health HTTP/1.1\r\n", request, StringComparison.Ordinal));
        Assert.All(_target.Requests, request => Assert.Contains("ELB-HealthChecker/2.0", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checks_that_time_out_begin_an_interval_apart_all_the_same()
    {
        using var check = Start();
        await _target.UntilAskedAsync(1);
        await Until(() => _time.Armed == 1);
        _time.Advance(_group.Timeout);
        await Until(() => check.Verdict != TargetVerdict.New);
        Assert.Equal("no answer within the timeout", check.Verdict.Reason);
        await Until(() => _time.Armed == 1);

        _time.Advance(_group.Interval - _group.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _target.Asked);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await _target.UntilAskedAsync(2);
    }

    [Fact]
    public async Task Target_keeps_its_state_under_other_numbers_until_their_thresholds_say_otherwise()
    {
        using var check = Start(new(TargetState.Unhealthy, "answered 404"));

        await ExpectAsync(check, TargetState.Unhealthy, 200);
        await ExpectAsync(check, TargetState.Healthy, 204);
    }

    [Fact]
    public async Task Target_where_nobody_listens_is_refused_in_words()
    {
        var endpoint = _target.Endpoint;
        _target.Dispose();

        using var check = TargetCheck.Start(_group, endpoint, null, _time, TargetVerdict.New, () => { });

        await Until(() => check.Verdict.Reason == "no connection: Connection refused");
    }

    private TargetCheck Start(TargetVerdict? before = null) =>
        TargetCheck.Start(_group, _target.Endpoint, IPAddress.Loopback, _time, before ?? TargetVerdict.New, () => { });

    /// <summary>The next check is answered so, with another status than the one before, and then the state is that.</summary>
    private async Task ExpectAsync(TargetCheck check, TargetState state, int status)
    {
        var number = _target.Asked + 1;
        if (number > 1)
        {
            await Until(() => _time.Armed == 1);
            _time.Advance(_group.Interval);
        }

        await _target.UntilAskedAsync(number);
        _target.Answer(status);
        await Until(() => check.Verdict.Reason == $"answered {status}" && _time.Armed == 1);
        Assert.Equal(state, check.Verdict.State);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, late.Token);
        }
    }

    /// <summary>Somebody who takes connections and answers when he is told to.</summary>
    private sealed class Target : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<TcpClient> _waiting = new();
        private int _asked;

        public Target()
        {
            _listener.Start();
            Endpoint = (IPEndPoint)_listener.LocalEndpoint;
            _ = AcceptAsync();
        }

        public IPEndPoint Endpoint { get; }

        public ConcurrentQueue<string> Requests { get; } = new();

        public int Asked => Volatile.Read(ref _asked);

        public Task UntilAskedAsync(int times) => Until(() => Asked >= times);

        public void Answer(int status)
        {
            Assert.True(_waiting.TryDequeue(out var client));
            using (client)
            {
                client.GetStream()
                    .Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
            }
        }

        public void Dispose()
        {
            _listener.Stop();
            foreach (var client in _waiting)
            {
                client.Dispose();
            }
        }

        private async Task AcceptAsync()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    Requests.Enqueue(Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer)));
                    _waiting.Enqueue(client);
                    Interlocked.Increment(ref _asked);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
