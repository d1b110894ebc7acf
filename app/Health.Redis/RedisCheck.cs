using Candor.Health.Checks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Redis;

/// <summary>Pings Redis through the app's own multiplexer.</summary>
internal sealed class RedisCheck(RedisSource source) : IHealthCheck, ITimeoutDiagnostics
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connection = await source.Connection(cancellationToken).ConfigureAwait(false);
        await connection.GetDatabase().PingAsync().ConfigureAwait(false);
        return HealthCheckResult.Healthy();
    }

    // A ping is the least that Redis can be asked; what does not answer it is as good as gone.
    public (Reason Reason, string Detail) ExplainTimeout() => (Reason.DependencyDown, "the ping is not answered");
}
