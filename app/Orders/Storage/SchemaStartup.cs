using Candor.Contract;
using Npgsql;

namespace Candor.Orders.Storage;

/// <summary>
/// Creates the schema while the service starts and already answers that it does. A database that cannot be reached yet is tried
/// again until the contract's start-up limit: the two are often deployed together, and a crash would only hide which is missing.
/// </summary>
public sealed class SchemaStartup(Schema schema, HealthContract contract, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>The task's name in health answers and logs.</summary>
    public const string Name = "schema";

    /// <summary>The pause between two tries.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long _began = time.GetTimestamp();

    /// <summary>Why the schema could not be created in time, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Tries once. After the limit it ends the service instead of trying for ever.</summary>
    public async Task RunAsync()
    {
        try
        {
            await schema.CreateAsync();
        }
        catch (Exception failure) when (time.GetElapsedTime(_began) >= contract.StartupLimit)
        {
            Failure =
                $"Orders cannot start: within the start-up limit of {DurationText.Format(contract.StartupLimit)} the schema could not be "
                + "created in the database. "
                + $"Last: {Describe(failure)}. Check {Configuration.ConnectionReader.Variable(OrdersContract.Database)}, and that the "
                + "database is up and reachable.";
            lifetime.StopApplication();
            throw;
        }
    }

    // No message of the driver: it may quote the connection string. What the server says quotes no password.
    private static string Describe(Exception failure) => failure switch
    {
        PostgresException refused => $"the server refused with {refused.SqlState}, {refused.MessageText}",
        NpgsqlException { InnerException: { } cause } => cause.Message,
        _ => failure.Message,
    };
}
