using Candor.Contract;
using Candor.Health;
using Candor.Health.Checks;
using Polly.Timeout;

namespace Candor.Orders.Resilience;

/// <summary>Registers the guards of a dependency, for its callers and for health.</summary>
public static class GuardSetup
{
    /// <summary>Adds one for each kind of work.</summary>
    public static void AddGuards(
        this IServiceCollection services, HealthContract contract, string dependency, IGuardedFailures failures,
        params ReadOnlySpan<GuardedWork> kinds)
    {
        services.AddFailureClassifier<GuardFailures>();
        foreach (var (kind, trial) in kinds)
        {
            services.AddKeyedSingleton(
                Key(dependency, kind),
                (provider, _) => new Guard(
                    contract,
                    dependency,
                    kind,
                    failures,
                    provider.GetRequiredKeyedService<TimeProvider>(CandorClock.Key),
                    token => trial(provider, token)));
            services.AddDependencyBreaker(provider => provider.Guard(dependency, kind));
        }
    }

    /// <summary>A kind of work, tried by work of its own kind.</summary>
    public static GuardedWork TriedBy(this WorkKind kind, Func<IServiceProvider, CancellationToken, Task<bool>> trial) => new(kind, trial);

    /// <summary>The guard of a dependency for one kind of work.</summary>
    public static Guard Guard(this IServiceProvider provider, string dependency, WorkKind work) =>
        provider.GetRequiredKeyedService<Guard>(Key(dependency, work));

    /// <summary>The contract's timeout of a dependency.</summary>
    public static TimeSpan Timeout(this HealthContract contract, string dependency) =>
        contract.Dependencies.Single(d => d.Name == dependency).Timeout;

    private static string Key(string dependency, WorkKind work) => $"{dependency}/{work}";
}

/// <summary>A kind of work, and how health tries it while its breaker is not closed.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Trial">Work of that kind.</param>
public readonly record struct GuardedWork(WorkKind Kind, Func<IServiceProvider, CancellationToken, Task<bool>> Trial);

/// <summary>What the exceptions of our guards mean for health.</summary>
public sealed class GuardFailures : IFailureClassifier
{
    /// <inheritdoc />
    public FailureCause? Classify(Exception exception) => exception switch
    {
        CircuitOpenException open => open.OpenedBy ?? new(Reason.CircuitOpen),
        TimeoutRejectedException => new(Reason.TimedOut),
        _ => null,
    };
}
