using Candor.Health.Startup;
using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health;

/// <summary>Adds work that must end before the instance is ready.</summary>
public static class StartupTaskExtensions
{
    /// <summary>
    /// Adds a start-up task. Tasks run one after another in the order they were added, while the server already listens; until all
    /// have ended every health path except liveness answers 503 <c>starting</c>, with the names of those that have not.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its name in answers and logs; unique.</param>
    /// <param name="run">The work, given the application's services and a token that is cancelled when the host stops.</param>
    /// <param name="retryDelay">After how long a failed run is tried again, for work that may be repeated; null (default) to stay out.</param>
    public static IServiceCollection AddStartupTask(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task> run, TimeSpan? retryDelay = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(run);
        return services.AddSingleton(new StartupTask(name, run, retryDelay));
    }
}
