using Candor.Health.Checks;
using Candor.Testing.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Candor.Orders.Resilience;
using Polly;
using Polly.CircuitBreaker;

namespace Candor.Health.Tests.Checks;

/// <summary>F213: health reads the breaker, and closes it when no traffic does.</summary>
public sealed class BreakerCheckTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly Inner _inner = new();
    private readonly BreakerCheck _check;
    private readonly HealthCheckContext _context;

    public BreakerCheckTests()
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddCircuitBreaker(new() { MinimumThroughput = 2, FailureRatio = 0.5, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = Break, StateProvider = _state })
            .Build();
        _check = new(_inner, new PollyBreaker("database", _state, _pipeline));
        _context = new() { Registration = new("database", _check, HealthStatus.Unhealthy, null) };
    }

    [Fact]
    public async Task Closed_breaker_lets_the_check_speak_and_does_not_count_it()
    {
        for (var time = 0; time < 10; time++)
        {
            await _check.CheckHealthAsync(_context);
        }

        _inner.Result = CheckResults.Failed(_context, Reason.Authentication);
        Assert.Equal(Reason.Authentication, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
        Assert.Equal(CircuitState.Closed, _state.CircuitState);

        // Ten passing checks would have diluted these two failures below the ratio.
        await OpenAsync();
        Assert.Equal(CircuitState.Open, _state.CircuitState);
    }

    [Fact]
    public async Task Open_breaker_is_circuit_open_and_the_dependency_is_not_asked()
    {
        await OpenAsync();

        Assert.Equal(Reason.CircuitOpen, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
        Assert.Equal(0, _inner.Asked);
    }

    [Fact]
    public async Task Breaker_closes_by_itself_through_the_check_once_its_break_is_over()
    {
        await OpenAsync();
        _time.Advance(Break);

        Assert.Equal(HealthStatus.Healthy, (await _check.CheckHealthAsync(_context)).Status);
        Assert.Equal(CircuitState.Closed, _state.CircuitState);
    }

    [Fact]
    public async Task Trial_that_fails_keeps_it_open_and_tells_the_dependencys_own_reason()
    {
        await OpenAsync();
        _time.Advance(Break);
        _inner.Result = CheckResults.Failed(_context, Reason.DependencyDown);

        Assert.Equal(Reason.DependencyDown, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
        Assert.Equal(Reason.CircuitOpen, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
    }

    private async Task OpenAsync()
    {
        for (var call = 0; call < 2; call++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await _pipeline.ExecuteAsync(_ => throw new InvalidOperationException()));
        }
    }

    private sealed class Inner : IHealthCheck
    {
        public int Asked { get; private set; }

        public HealthCheckResult Result { get; set; } = HealthCheckResult.Healthy();

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Asked++;
            return Task.FromResult(Result);
        }
    }
}
