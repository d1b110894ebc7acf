using Candor.Orders.Configuration;

namespace Candor.Orders.Storage;

/// <summary>
/// Creates the schema while the service starts. A database that cannot be reached yet is tried again until the contract's start-up
/// limit: both are often deployed together, and a crash would only hide which of them is missing.
/// </summary>
public sealed class SchemaStartup(
    Schema schema, OrdersSettings settings, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SchemaStartup> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Why the schema could not be created in time, or null.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        while (!await TryAsync())
        {
            if (time.GetElapsedTime(started) > settings.Contract.StartupLimit)
            {
                Failure = $"The database could not be reached within the start-up limit of {settings.Contract.StartupLimit.TotalSeconds:0.###} s.";
                lifetime.StopApplication();
                return;
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryAsync()
    {
        try
        {
            await schema.CreateAsync();
            log.LogInformation("The schema is there");
            return true;
        }
        catch (Exception outage) when (DatabaseOutage.Is(outage) || outage is PoolSaturatedException)
        {
            log.LogWarning("The database cannot be reached yet: {Cause}", outage.GetType().Name);
            return false;
        }
    }
}
