using System.Net;
using Candor.Contract;
using Npgsql;

namespace Candor.Orders.Configuration;

/// <summary>Reads the settings from environment variables. Every mistake is listed; no message repeats a value that may be secret.</summary>
public static class SettingsReader
{
    /// <summary>The environment variable with the address to listen on.</summary>
    public const string BindVariable = "CANDOR_BIND";

    private const string DatabaseExample = "Host=…;Username=…;Password=…;Database=…";

    /// <summary>The settings.</summary>
    /// <param name="read">How to read one variable; null when it is not set.</param>
    /// <exception cref="InvalidSettingsException">At least one is missing or wrong.</exception>
    public static OrdersSettings Read(Func<string, string?> read)
    {
        var mistakes = new List<string>();
        var environment = ReadContract(read, mistakes);
        var database = ReadDatabase(read, mistakes);
        var bind = ReadBind(read, mistakes);
        return mistakes.Count == 0
            ? new() { Environment = environment!, Database = database!, Bind = bind }
            : throw new InvalidSettingsException(mistakes);
    }

    /// <summary>The variable with the connection string of a dependency.</summary>
    public static string Variable(string dependency) => $"ConnectionStrings__{dependency}";

    private static ContractEnvironment? ReadContract(Func<string, string?> read, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(read(ContractEnvironment.ContractVariable)))
        {
            mistakes.Add($"{ContractEnvironment.ContractVariable} is not set; expected the health contract as JSON, as the deployment's ConfigMap has it.");
            return null;
        }

        try
        {
            var environment = ContractEnvironment.Load(read, OrdersContract.Default);
            foreach (var (name, kind) in Dialled)
            {
                if (environment.Contract.Dependencies.SingleOrDefault(d => d.Name == name) is not { } dependency)
                {
                    mistakes.Add($"{ContractEnvironment.ContractVariable}: dependencies lacks \"{name}\"; expected one of kind {kind}.");
                }
                else if (dependency.Kind != kind)
                {
                    mistakes.Add($"{ContractEnvironment.ContractVariable}: dependency \"{name}\" is of kind {dependency.Kind}; expected {kind}.");
                }
            }

            return environment;
        }
        catch (InvalidContractException invalid)
        {
            mistakes.Add(invalid.Message);
            return null;
        }
    }

    private static readonly (string Name, DependencyKind Kind)[] Dialled =
    [
        (OrdersContract.Database, DependencyKind.Postgres),
    ];

    private static NpgsqlConnectionStringBuilder? ReadDatabase(Func<string, string?> read, List<string> mistakes)
    {
        var variable = Variable(OrdersContract.Database);
        if (read(variable) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            mistakes.Add($"{variable} is not set; expected a PostgreSQL connection string such as {DatabaseExample}.");
            return null;
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            string?[] missing =
            [
                string.IsNullOrEmpty(parsed.Host) ? "Host" : null,
                string.IsNullOrEmpty(parsed.Username) ? "Username" : null,
                string.IsNullOrEmpty(parsed.Database) ? "Database" : null,
                parsed.Pooling ? null : "Pooling=true",
            ];
            mistakes.AddRange(missing.Where(m => m is not null).Select(m => $"{variable} lacks {m}; expected {DatabaseExample}."));
            return parsed;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            mistakes.Add($"{variable} is not a PostgreSQL connection string; expected {DatabaseExample}.");
            return null;
        }
    }

    private static IPAddress ReadBind(Func<string, string?> read, List<string> mistakes)
    {
        if (read(BindVariable) is not { Length: > 0 } text)
        {
            return IPAddress.Any;
        }

        if (!IPAddress.TryParse(text, out var address))
        {
            mistakes.Add($"{BindVariable} is \"{text}\"; expected an IP address such as 0.0.0.0, or nothing for every address.");
        }

        return address ?? IPAddress.Any;
    }
}
