namespace Candor.Health.Startup;

/// <summary>Work that must end before the instance is ready.</summary>
/// <param name="Name">What it is called in answers and logs.</param>
/// <param name="Run">The work. It is given the application's services, and a token that is cancelled when the host stops.</param>
/// <param name="RetryDelay">After how long a failed run is tried again; null to fail for good.</param>
internal sealed record StartupTask(string Name, Func<IServiceProvider, CancellationToken, Task> Run, TimeSpan? RetryDelay);
