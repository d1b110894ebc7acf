using System.Net;
using System.Net.Http.Headers;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Drain;
using Candor.Health.Settings;
using Candor.Health.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Watchdog;

/// <summary>
/// Sends the contract's canary through the app's own listener and middleware, on a new connection each time, as a user would. It
/// begins when start-up has ended and rests while the instance leaves.
/// </summary>
internal sealed class Canary(
    HealthContract contract,
    CanaryRecord record,
    CanaryToken token,
    StartupProgress startup,
    DrainState drain,
    ListenAddress address,
    TimeProvider time,
    ILogger<Canary> log) : BackgroundService
{
    private HttpStatusCode? _odd;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (contract.Canary.Route is not { } route)
        {
            return;
        }

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.BaseAddress = new($"http://{address.Reachable}:{contract.Port}");
        using var timer = new PeriodicTimer(contract.Canary.Interval, time);
        while (await NextAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            if (startup.Done && !drain.Draining)
            {
                await SendAsync(client, route, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAsync(HttpClient client, string route, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        request.Headers.Host = "localhost";
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("candor-canary", "1"));
        request.Headers.Add(CanaryToken.Header, token.Value);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var answer = client.SendAsync(request, deadline.Token);
            using var response = await answer.WaitAsync(contract.Canary.Timeout, time, stop).ConfigureAwait(false);
            Judge(response.StatusCode);
        }
        catch (TimeoutException)
        {
            await deadline.CancelAsync().ConfigureAwait(false);
            record.Fail(Reason.PipelineStuck, $"GET {route} was not answered within {DurationText.Format(contract.Canary.Timeout)}");
        }
        catch (HttpRequestException exception)
        {
            record.Fail(Reason.PipelineStuck, $"GET {route} failed: {FailureReason.Describe(exception)}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops; this canary says nothing.
        }
    }

    private void Judge(HttpStatusCode status)
    {
        var detail = $"GET {contract.Canary.Route} was answered {(int)status}";
        if ((int)status >= 500)
        {
            record.Fail(Reason.ErrorRatio, detail);
            return;
        }

        record.Pass(detail);
        if ((int)status >= 300 && _odd != status)
        {
            log.LogWarning("health: the canary {Route} was answered {Status}: it may not reach a handler, and then proves little", contract.Canary.Route, (int)status);
        }

        _odd = status;
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
