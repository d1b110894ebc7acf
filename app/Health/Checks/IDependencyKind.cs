using Candor.Contract;
using Candor.Health.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>
/// A kind of dependency that health can check. The packages for drivers each register one; an app registers its own for kinds that no
/// package knows: <c>services.AddDependencyKind&lt;MyKind&gt;()</c>.
/// </summary>
public interface IDependencyKind
{
    /// <summary>The kind as the contract writes it, such as <see cref="DependencyKind.Postgres"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// Makes the check of one dependency, once, when the application starts. The check may also be an <see cref="IPoolStatistics"/>
    /// and an <see cref="ITimeoutDiagnostics"/>, and is disposed with the application when it is disposable.
    /// </summary>
    /// <param name="dependency">The dependency as the contract describes it.</param>
    /// <param name="services">The application's services: the app's own connection is among them.</param>
    /// <exception cref="InvalidSettingException">The app has registered no connection for it; see <see cref="Connection.Find"/>.</exception>
    IHealthCheck CreateCheck(Dependency dependency, IServiceProvider services);
}

/// <summary>Finds the app's own connection to a dependency.</summary>
public static class Connection
{
    /// <summary>The service of that type keyed with the dependency's name, else the one without a key.</summary>
    /// <typeparam name="T">The driver's type for a connection, a pool, or a source of them.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="dependency">The dependency.</param>
    /// <param name="registration">How to register one, for the error's text.</param>
    /// <exception cref="InvalidSettingException">There is none; the text explains how to register it.</exception>
    public static T Find<T>(IServiceProvider services, Dependency dependency, string registration)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(dependency);
        return services.GetKeyedService<T>(dependency.Name) ?? services.GetService<T>() ?? throw Missing(dependency, typeof(T).Name, registration);
    }

    /// <summary>The error for a dependency that the app has registered no connection for.</summary>
    /// <param name="dependency">The dependency.</param>
    /// <param name="type">The type that is looked for.</param>
    /// <param name="registration">How to register one.</param>
    public static InvalidSettingException Missing(Dependency dependency, string type, string registration)
    {
        ArgumentNullException.ThrowIfNull(dependency);
        return new(
            $"The dependency \"{dependency.Name}\" ({dependency.Kind})",
            "not connected",
            $"a registered {type}, keyed \"{dependency.Name}\" or not keyed",
            $"Register it with {registration}, or take the dependency out of the contract.");
    }
}
