using System.Net.Http.Headers;
using System.Text;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Settings;
using Candor.Health.Startup;
using Candor.Health.Watchdog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Operations;

/// <summary>
/// Sends each operation's canary through the app's own listener and middleware, on a new connection each time, as a user would. It begins when start-up has ended
/// and rests while the instance leaves. While anything may be wrong it sends at a fifth of the freshness bound, so that a fault is confirmed, and a repair seen, within seconds.
/// </summary>
internal sealed class CanaryRunner(
    HealthContract contract,
    OperationRegistry operations,
    CanaryRequests requests,
    CanaryTimes times,
    CanaryRecord record,
    StartupProgress startup,
    DrainState drain,
    ServerPorts ports,
    ProcessHealth process,
    ActiveClock active,
    TimeProvider time,
    ILogger<CanaryRunner> log) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    // A suspicion is followed for this many freshness bounds after it has gone, until what was repaired has been seen to work.
    private const int Followed = 2;

    /// <summary>The canaries of a contract: the operations' own, else the one of its canary settings.</summary>
    public static IReadOnlyList<(string Route, OperationCanary Canary)> CanariesOf(HealthContract contract)
    {
        var own = contract.Operations.Where(operation => operation is { Canary: not null, Route: not null }).Select(operation => (operation.Route!, operation.Canary!)).ToList();
        if (own.Count > 0 || contract.Canary.Route is not { } route)
        {
            return own;
        }

        var canary = new OperationCanary
        {
            Path = route,
            Interval = contract.Canary.Interval,
            Timeout = contract.Canary.Timeout,
            FailureThreshold = contract.Canary.FailureThreshold,
        };
        return [($"GET {route.Split('?')[0]}", canary)];
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(CanariesOf(contract).Select(canary => RunAsync(canary.Route, canary.Canary, stoppingToken)));

    private async Task RunAsync(string route, OperationCanary canary, CancellationToken stop)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });
        client.Timeout = Timeout.InfiniteTimeSpan;
        var state = new CanaryState(new(route[..route.IndexOf(' ', StringComparison.Ordinal)]), canary, operations.OfRoute(route));
        var suspectedAt = long.MinValue;
        while (!stop.IsCancellationRequested)
        {
            // Without a listener of this process's own (a test without sockets) there is nothing to send to.
            if (startup.Done && !drain.Draining && ports.PublicAddress is { } address)
            {
                await SendAsync(client, address, state, stop).ConfigureAwait(false);
            }

            // Read, so that a suspicion that was not confirmed also ends without requests for health.
            if (operations.IsSuspicious)
            {
                operations.Read();
            }

            var now = active.GetTimestamp();
            suspectedAt = operations.IsSuspicious ? now : suspectedAt;
            var follows = suspectedAt != long.MinValue && active.GetElapsedTime(suspectedAt, now) < contract.Freshness * Followed;
            await WaitAsync(follows ? Quick(canary) : canary.Interval, follows, stop).ConfigureAwait(false);
        }
    }

    private TimeSpan Quick(OperationCanary canary)
    {
        var quick = contract.Freshness / 5;
        quick = quick > ShortestPause ? quick : ShortestPause;
        return quick < canary.Interval ? quick : canary.Interval;
    }

    // Waits for the interval, in steps as long as the quick pause, so that a suspicion that arises meanwhile is followed at once.
    private async Task WaitAsync(TimeSpan pause, bool follows, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var now = times.Now;
        var step = Quick(new() { Path = "/", Interval = pause });
        while (!stop.IsCancellationRequested && !now.IsCompleted && (follows || !operations.IsSuspicious))
        {
            var left = pause - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await Task.WhenAny(now, Task.Delay(left < step ? left : step, time, stop)).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(HttpClient client, Uri address, CanaryState state, CancellationToken stop)
    {
        var (number, header) = requests.Begin();
        using var request = new HttpRequestMessage(state.Method, new Uri(address, state.Canary.Path))
        {
            Version = ports.PublicVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = "localhost";
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("candor-canary", "1"));
        request.Headers.Add(CanaryRequests.Header, header);
        if (state.Canary.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            using var response = await AnswerAsync(client.SendAsync(request, deadline.Token), state.Canary.Timeout, stop).ConfigureAwait(false);
            if (response is null)
            {
                await deadline.CancelAsync().ConfigureAwait(false);
                Failed(state, null, $"was not answered within {DurationText.Format(state.Canary.Timeout)}", new(Reason.PipelineStuck));
            }
            else
            {
                Answered(state, (int)response.StatusCode, requests.Take(number));
            }
        }
        catch (HttpRequestException exception)
        {
            Failed(state, null, $"failed: {FailureReason.Describe(exception)}", new(Reason.PipelineStuck));
        }
        catch (OperationCanceledException)
        {
            // The host stops; this canary has no result.
        }
        finally
        {
            requests.Take(number);
        }
    }

    // By the clock that stands still with the process: after a pause the answer gets the time that is left of its own.
    private async Task<HttpResponseMessage?> AnswerAsync(Task<HttpResponseMessage> answer, TimeSpan timeout, CancellationToken stop)
    {
        var started = active.GetTimestamp();
        while (true)
        {
            var left = timeout - active.GetElapsedTime(started, active.GetTimestamp());
            try
            {
                return await answer.WaitAsync(left > ShortestPause ? left : ShortestPause, time, stop).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!answer.IsCompleted)
            {
                if (active.GetElapsedTime(started, active.GetTimestamp()) >= timeout)
                {
                    _ = answer.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                    return null;
                }
            }
        }
    }

    private void Answered(CanaryState state, int status, RequestResult? result)
    {
        switch (result?.Outcome ?? (status >= 500 ? RequestOutcome.Failed : status < 400 ? RequestOutcome.Served : RequestOutcome.Ignored))
        {
            case RequestOutcome.Failed:
                Failed(state, status, $"was answered {status}", result?.Cause ?? new(Reason.ErrorRatio));
                return;
            case RequestOutcome.Served:
                record.Pass();
                state.Operation.CanaryPassed();
                break;
        }

        if (status >= 300 && state.OddStatus != status)
        {
            log.CanaryUnexpectedStatus(state.Method.Method, state.Canary.Path, status);
        }

        state.OddStatus = status;
    }

    private void Failed(CanaryState state, int? status, string what, FailureCause cause)
    {
        // A late answer of a starved process is no failure of the operation.
        if (status is null && process.IsStarved)
        {
            return;
        }

        record.Fail();
        log.CanaryFailed(state.Method.Method, state.Canary.Path, what);
        state.Operation.CanaryFailed(cause);
    }

    private sealed record CanaryState(HttpMethod Method, OperationCanary Canary, RouteOperation Operation)
    {
        public int? OddStatus { get; set; }
    }
}
