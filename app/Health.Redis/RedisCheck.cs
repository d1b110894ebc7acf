using System.Security.Cryptography;
using Candor.Health.Checks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Candor.Health.Redis;

/// <summary>
/// Does on the app's own multiplexer what an app does with a cache: writes a value that expires, and reads it. So a server that is full,
/// a replica that takes no writes and a lost right are seen, which all answer a ping.
/// </summary>
internal sealed class RedisCheck(RedisSource source) : IHealthCheck, ITimeoutDiagnostics
{
    /// <summary>How long its value is kept: as long as a check may take, and a little.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    // This instance's own, or two would read each other's value.
    private readonly RedisKey _key = $"{source.KeyPrefix}{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
    private long _count;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var connection = await source.Connection(cancellationToken).ConfigureAwait(false);
        var redis = connection.GetDatabase();
        RedisValue value = ++_count;
        await redis.StringSetAsync(_key, value, Kept).ConfigureAwait(false);
        var read = await redis.StringGetAsync(_key).ConfigureAwait(false);
        if (read != value)
        {
            return CheckResults.Failed(
                context, new FailureCause(Reason.Refused)
                {
                    Condition = "written value lost",
                }, "a value that was just written is not there, or is another");
        }

        if (await redis.KeyTimeToLiveAsync(_key).ConfigureAwait(false) is null)
        {
            return CheckResults.Failed(context, new FailureCause(Reason.Refused) { Condition = "value does not expire" });
        }

        return source.Failure?.Invoke() is { } cause ? CheckResults.Failed(context, cause, "met by the app") : HealthCheckResult.Healthy();
    }

    // Setting and getting one short value is the least that Redis can be asked; what does not answer it is as good as gone.
    public (Reason Reason, string Detail) ExplainTimeout() => (Reason.DependencyDown, "a write of one short value is not answered");
}
