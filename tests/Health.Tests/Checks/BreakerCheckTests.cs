using Candor.Contract;
using Candor.Health.Checks;
using Candor.Testing.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Candor.Orders.Resilience;

namespace Candor.Health.Tests.Checks;

/// <summary>F213: health reads the breaker, and closes it when no traffic does.</summary>
public sealed class BreakerCheckTests
{
    private static readonly HealthContract Contract = new() { Dependencies = [new() { Name = "database", Kind = DependencyKind.Postgres }] };
    private static readonly TimeSpan Break = Contract.Freshness;
    private readonly FakeTimeProvider _time = new();
    private readonly Guard _breaker;
    private readonly Inner _inner = new();
    private readonly BreakerCheck _check;
    private readonly HealthCheckContext _context;

    public BreakerCheckTests()
    {
        _breaker = new(Contract, "database", WorkKind.Read, new Failures(), _time);
        _check = new(_inner, [_breaker]);
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
        Assert.Equal(BreakerState.Closed, _breaker.State);

        // Ten passing checks would have diluted these failures below the ratio.
        await OpenAsync();
        Assert.Equal(BreakerState.Open, _breaker.State);
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
        Assert.Equal(BreakerState.Closed, _breaker.State);
    }

    [Fact]
    public async Task Trial_that_fails_keeps_it_open_and_reports_the_dependencys_own_reason()
    {
        await OpenAsync();
        _time.Advance(Break);
        _inner.Result = CheckResults.Failed(_context, Reason.DependencyDown);

        Assert.Equal(Reason.DependencyDown, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
        Assert.Equal(Reason.CircuitOpen, CheckResults.ReasonOf(await _check.CheckHealthAsync(_context)));
    }

    [Fact]
    public async Task Open_breaker_says_what_opened_it_however_often_a_trial_fails()
    {
        await OpenAsync();
        _inner.Result = CheckResults.Failed(_context, Reason.DependencyDown);
        for (var trial = 0; trial < 3; trial++)
        {
            _time.Advance(Break);
            await _check.CheckHealthAsync(_context);
            Assert.Equal("53300 too many connections", _breaker.OpenedBy?.Code);
            Assert.Equal(BreakerState.Open, _breaker.State);
        }

        // The fourth pause is no longer than the first.
        _inner.Result = HealthCheckResult.Healthy();
        _time.Advance(Break);
        Assert.Equal(HealthStatus.Healthy, (await _check.CheckHealthAsync(_context)).Status);
        Assert.Null(_breaker.OpenedBy);
    }

    [Fact]
    public async Task Open_breaker_for_writes_alone_degrades_is_tried_by_a_write_and_says_what_opened_it()
    {
        var writes = new Breaker("write") { OpenedBy = new(Reason.Refused, "25006") { Condition = "read-only transaction" } };
        var check = new BreakerCheck(_inner, [new Breaker("read") { State = BreakerState.Closed }, writes]);

        var result = await check.CheckHealthAsync(_context);

        Assert.Equal((HealthStatus.Degraded, Reason.CircuitOpen), (result.Status, CheckResults.ReasonOf(result)));
        Assert.Equal("database: 25006 read-only transaction", CheckResults.CauseOf(result)?.ToString());
        Assert.Equal((1, 1), (_inner.Asked, writes.Tried));

        writes.Works = true;
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(_context)).Status);
    }

    private async Task OpenAsync()
    {
        for (var call = 0; call < Guard.MinimumCalls; call++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => _breaker.RunAsync<int>(_ => throw new InvalidOperationException()));
        }
    }

    private sealed class Failures : IGuardedFailures
    {
        public bool IsUnavailable(Exception exception) => exception is InvalidOperationException;

        public FailureCause CauseOf(Exception exception) => new(Reason.DependencyDown, "53300 too many connections");
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

    private sealed class Breaker(string work) : IDependencyBreaker
    {
        public string Dependency => "database";

        public string Work => work;

        public BreakerState State { get; set; } = BreakerState.Open;

        public FailureCause? OpenedBy { get; init; }

        public bool Works { get; set; }

        public int Tried { get; private set; }

        public Func<CancellationToken, Task<bool>> Trial => _ =>
        {
            Tried++;
            return Task.FromResult(Works);
        };

        public async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> call, CancellationToken cancellationToken)
        {
            if (await call(cancellationToken))
            {
                State = BreakerState.Closed;
            }

            return true;
        }
    }
}
