using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Evaluation;
using Candor.Health.Names;
using Candor.Health.Operations;
using Candor.Health.Serving;
using Candor.Health.Startup;
using Candor.Health.State;
using Candor.Health.Watchdog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Candor.Health.Setup;

/// <summary>What each part is made of. Reads as the list of parts.</summary>
internal static class EngineServices
{
    // Without the thread that moves it on, the clock is the ordinary one.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(3650);

    public static IServiceCollection AddEngine(this IServiceCollection services, ContractEnvironment environment, HealthContract contract)
    {
        services.AddSingleton(environment);
        services.AddSingleton(contract);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new FailureReason(provider.GetServices<IFailureClassifier>(), contract.Dependencies));
        services.AddSingleton<HealthChanges>();
        services.AddSingleton<TransitionLog>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<StartupProgress>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<StartupRunner>(provider, FirstAnswer(provider)));
        services.AddHostedService<ContractNotice>();
        services.AddSingleton(provider => new Evaluator(
            provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations,
            [.. provider.GetServices<ISignal>(), .. provider.GetServices<IHealthSignal>().Select(signal => new AppSignal(signal, new(provider.GetServices<IFailureClassifier>())))],
            contract.Budget,
            provider,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ActiveClock>(),
            () => provider.GetRequiredService<ProcessHealth>().IsShort ? TimeSpan.MaxValue : provider.GetRequiredService<PoolHeartbeat>().Delay,
            contract.Freshness));
        services.AddSingleton(provider => new SharedEvaluation(provider.GetRequiredService<Evaluator>().EvaluateAsync, contract, provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static IServiceCollection AddDependencies(this IServiceCollection services, HealthContract contract, DiskPath disk)
    {
        services.TryAddSingleton<HostLookup>();
        services.AddDependencyKind<HttpKind>();
        services.AddSingleton<DependencyChecks>();
        services.AddSingleton<IEnumerable<IPoolStatistics>>(provider => provider.GetRequiredService<DependencyChecks>().Pools);
        var diskCheck = new DiskCheck(disk, contract.MinimumDiskFree);
        return services.Configure<HealthCheckServiceOptions>(options =>
        {
            foreach (var dependency in contract.Dependencies)
            {
                options.Registrations.Add(Registration(dependency));
            }

            options.Registrations.Add(new(DiskCheck.Name, diskCheck, HealthStatus.Unhealthy, null));
        });
    }

    public static IServiceCollection AddWatchdog(this IServiceCollection services, HealthContract contract)
    {
        var limits = contract.Watchdog;
        services.AddSingleton(limits);
        services.AddSingleton(provider => new ActiveClock(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<CandorOptions>>().Value.Watchdog ? Longer(contract.Budget.Margin, TimeSpan.FromMilliseconds(250)) : Forever));
        services.AddSingleton(provider => new PoolHeartbeat(provider.GetRequiredService<ActiveClock>(), item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false), () => ThreadPool.PendingWorkItemCount));
        services.AddSingleton(provider => new RequestLedger(limits, provider.GetRequiredService<ActiveClock>()));
        services.AddSingleton(provider => new ProcessHealth(provider.GetRequiredService<ActiveClock>(), WatchdogThread.PeriodOf(limits)));
        services.AddSingleton<DescriptorUse>();
        services.AddKeyedSingleton<TimeProvider>(CandorClock.Key, (provider, _) => provider.GetRequiredService<ActiveClock>());
        services.AddSingleton<ISignal, ProcessorSignal>();
        services.AddSingleton<ISignal, MemorySignal>();
        services.AddSingleton<ISignal, DescriptorSignal>();
        services.AddSingleton<ThreadPoolSignal>();
        services.AddSingleton<ISignal>(provider => provider.GetRequiredService<ThreadPoolSignal>());
        services.AddSingleton<ThreadPoolVerdict>();
        services.AddSingleton<ISignal, StuckRequestsSignal>();
        services.AddSingleton<LivenessVerdict>();
        return services.AddHostedService(provider => new WatchdogThread(
            provider.GetRequiredService<ActiveClock>(),
            provider.GetRequiredService<ProcessHealth>(),
            provider.GetRequiredService<PoolHeartbeat>(),
            provider.GetRequiredService<Evaluator>(),
            provider.GetRequiredService<OperationWatch>().Look,
            limits,
            provider.GetRequiredService<IOptions<CandorOptions>>()));
    }

    public static IServiceCollection AddOperations(this IServiceCollection services, HealthContract contract)
    {
        services.AddSingleton(provider => new OperationRegistry(
            contract, provider.GetRequiredService<FailureReason>(), provider.GetRequiredService<ActiveClock>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBackgroundOperations>(provider => provider.GetRequiredService<OperationRegistry>());
        services.AddSingleton(provider => new RootCause(provider.GetRequiredService<FailureReason>(), () => provider.GetServices<IDependencyBreaker>()));
        services.AddSingleton<StuckRequests>();
        services.AddSingleton<OperationWatch>();
        services.AddSingleton<CanaryRequests>();
        services.AddSingleton<CanaryRecord>();
        services.AddSingleton<CanaryTimes>();
        return CanaryRunner.CanariesOf(contract).Count > 0 ? services.AddHostedService<CanaryRunner>() : services;
    }

    // The first answer is made beside the start of the server rather than by the first prober, who would wait for it.
    private static Func<Task> FirstAnswer(IServiceProvider provider) => async () =>
    {
        var verdict = await provider.GetRequiredService<HealthService>().AskAsync(Scope.Full).ConfigureAwait(false);
        provider.GetRequiredService<PublicEndpoints>().Render(verdict);
    };

    private static HealthCheckRegistration Registration(Dependency dependency)
    {
        IHealthCheck? made = null;
        return new(
            dependency.Name,
            services => made ??= services.GetRequiredService<DependencyChecks>()[dependency.Name],
            dependency.Importance == DependencyImportance.Required ? HealthStatus.Unhealthy : HealthStatus.Degraded,
            dependency.Scope == DependencyScope.Shared ? [CheckTags.Shared] : null,
            dependency.Timeout);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
