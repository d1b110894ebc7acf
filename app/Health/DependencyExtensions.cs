using System.Diagnostics.CodeAnalysis;
using Candor.Health.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Candor.Health;

/// <summary>Registers how the app reaches its dependencies, by the dependency's name in the contract.</summary>
public static class DependencyExtensions
{
    /// <summary>Reads health of the dependency through its circuit breaker, too.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="breaker">Gives the breaker.</param>
    public static IServiceCollection AddDependencyBreaker(this IServiceCollection services, Func<IServiceProvider, IDependencyBreaker> breaker) =>
        services.AddSingleton(breaker);

    /// <summary>What to ask of an HTTP dependency.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency's name in the contract.</param>
    /// <param name="source">Gives its address.</param>
    public static IServiceCollection AddHttpSource(this IServiceCollection services, string dependency, Func<IServiceProvider, HttpSource> source) =>
        services.AddKeyedSingleton(dependency, (provider, _) => source(provider));

    /// <summary>Adds a kind of dependency that the contract may name. Of two for the same kind the later one is used.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddDependencyKind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IDependencyKind
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDependencyKind, T>());
        return services;
    }

    /// <summary>Adds a signal of the app's own.</summary>
    /// <typeparam name="T">The signal; one object of it is read.</typeparam>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddHealthSignal<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IHealthSignal
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthSignal, T>());
        return services;
    }

    /// <summary>Adds what the exceptions of a client library mean for health.</summary>
    /// <typeparam name="T">The classifier.</typeparam>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddFailureClassifier<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IFailureClassifier
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFailureClassifier, T>());
        return services;
    }
}
