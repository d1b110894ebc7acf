using Candor.Contract;
using Npgsql;

namespace Candor.Orders.Configuration;

/// <summary>
/// Reads the settings from environment variables. Every mistake is listed; no message repeats a value that may be secret.
/// </summary>
public static class SettingsReader
{
    private static readonly (string Name, string Kind)[] Dialled =
    [
        (OrdersContract.Database, DependencyKind.Postgres),
        (OrdersContract.Cache, DependencyKind.Redis),
        (OrdersContract.Queue, DependencyKind.RabbitMq),
    ];

    // Npgsql's; a string that says nothing cannot be told from one that says this.
    private const int DriversDefault = 100;

    /// <summary>The settings.</summary>
    /// <param name="read">How to read one variable; null when it is not set.</param>
    /// <exception cref="InvalidSettingsException">At least one is missing or wrong.</exception>
    public static OrdersSettings Read(Func<string, string?> read)
    {
        var mistakes = new List<string>();
        var environment = ReadContract(read, mistakes);
        var connections = new ConnectionReader(read, mistakes);
        var database = connections.Database();
        var cache = connections.Cache();
        var queue = connections.Queue();
        var pool = Pool(environment?.Contract, database, mistakes);
        return mistakes.Count == 0
            ? new() { Environment = environment!, Database = database!, DatabaseConnections = pool, Cache = cache!, Queue = queue! }
            : throw new InvalidSettingsException(mistakes);
    }

    private static ContractEnvironment? ReadContract(Func<string, string?> read, List<string> mistakes)
    {
        const string variable = ContractEnvironment.ContractVariable;
        if (string.IsNullOrWhiteSpace(read(variable)))
        {
            mistakes.Add($"{variable} is not set; expected the health contract as JSON, as the deployment's ConfigMap has it.");
            return null;
        }

        try
        {
            var environment = ContractEnvironment.Load(read, OrdersContract.Default);
            mistakes.AddRange(Dialled.Select(d => Missing(
                environment.Contract, d.Name, d.Kind)).OfType<string>().Select(m => $"{variable}: {m}"));
            return environment;
        }
        catch (InvalidContractException invalid)
        {
            mistakes.Add(invalid.Message);
            return null;
        }
    }

    // What all instances open together is proved against what the server allows with the contract's number, so no instance may exceed it.
    private static int Pool(HealthContract? contract, NpgsqlConnectionStringBuilder? database, List<string> mistakes)
    {
        var allowed = contract?.Dependencies.SingleOrDefault(d => d.Name == OrdersContract.Database)?.MaximumConnections()
            ?? Dependency.DefaultConnections;
        var asked = database?.MaxPoolSize ?? DriversDefault;
        if (asked != DriversDefault && asked > allowed)
        {
            mistakes.Add(
                $"{ConnectionReader.Variable(OrdersContract.Database)} has Maximum Pool Size={asked}; "
                + $"expected at most {allowed}, the connections of \"{OrdersContract.Database}\" "
                + "in the contract. Take it out of the connection string, or raise connections in the contract.");
        }

        return Math.Min(asked, allowed);
    }

    private static string? Missing(HealthContract contract, string name, string kind) =>
        contract.Dependencies.SingleOrDefault(d => d.Name == name) switch
        {
            null => $"dependencies lacks \"{name}\"; expected one of kind {kind}.",
            { } other when other.Kind != kind => $"dependency \"{name}\" is of kind {other.Kind}; expected {kind}.",
            _ => null,
        };
}

/// <summary>Settings that the service cannot start with; carries every mistake.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> mistakes)
    : Exception("Orders cannot start with these settings:" + string.Concat(mistakes.Select(m => $"{System.Environment.NewLine}  {m}")))
{
    /// <summary>One sentence each: which setting, what was found, what was expected.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
