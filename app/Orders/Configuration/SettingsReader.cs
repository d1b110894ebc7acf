using Candor.Contract;

namespace Candor.Orders.Configuration;

/// <summary>Reads the settings from environment variables. Every mistake is listed; no message repeats a value that may be secret.</summary>
public static class SettingsReader
{
    private static readonly (string Name, DependencyKind Kind)[] Dialled =
    [
        (OrdersContract.Database, DependencyKind.Postgres),
        (OrdersContract.Cache, DependencyKind.Redis),
        (OrdersContract.Queue, DependencyKind.RabbitMq),
    ];

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
        return mistakes.Count == 0
            ? new() { Environment = environment!, Database = database!, Cache = cache!, Queue = queue! }
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
            mistakes.AddRange(Dialled.Select(d => Missing(environment.Contract, d.Name, d.Kind)).OfType<string>().Select(m => $"{variable}: {m}"));
            return environment;
        }
        catch (InvalidContractException invalid)
        {
            mistakes.Add(invalid.Message);
            return null;
        }
    }

    private static string? Missing(HealthContract contract, string name, DependencyKind kind) =>
        contract.Dependencies.SingleOrDefault(d => d.Name == name) switch
        {
            null => $"dependencies lacks \"{name}\"; expected one of kind {kind}.",
            { } other when other.Kind != kind => $"dependency \"{name}\" is of kind {other.Kind}; expected {kind}.",
            _ => null,
        };
}
