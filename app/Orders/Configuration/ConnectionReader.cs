using Npgsql;
using StackExchange.Redis;

namespace Candor.Orders.Configuration;

/// <summary>
/// Reads the connection strings. The libraries' own messages are not passed on: they quote what they could not read, and that may
/// be a piece of a password.
/// </summary>
internal sealed class ConnectionReader(Func<string, string?> read, List<string> mistakes)
{
    private const string DatabaseExample = "a PostgreSQL connection string such as Host=…;Username=…;Password=…;Database=…";
    private const string CacheExample = "a Redis configuration such as host:6379,password=…";
    private const string QueueExample = "an AMQP URI such as amqp://user:password@host:5672/";

    internal NpgsqlConnectionStringBuilder? Database() => Read(OrdersContract.Database, DatabaseExample, text =>
    {
        var parsed = new NpgsqlConnectionStringBuilder(text);
        (string Name, bool Missing)[] parts =
        [
            ("Host", string.IsNullOrEmpty(parsed.Host)),
            ("Username", string.IsNullOrEmpty(parsed.Username)),
            ("Database", string.IsNullOrEmpty(parsed.Database)),
            // Without a pool there is nothing whose saturation could be seen.
            ("Pooling=true", !parsed.Pooling),
        ];
        mistakes.AddRange(parts.Where(p => p.Missing).Select(
            p => $"{Variable(OrdersContract.Database)} lacks {p.Name}; expected {DatabaseExample}."));
        return parsed;
    });

    internal ConfigurationOptions? Cache() => Read(OrdersContract.Cache, CacheExample, text =>
    {
        var parsed = ConfigurationOptions.Parse(text);
        return parsed.EndPoints.Count > 0 ? parsed : null;
    });

    internal Uri? Queue() => Read(OrdersContract.Queue, QueueExample, text =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0 ? uri : null);

    /// <summary>The environment variable with the connection string of a dependency.</summary>
    internal static string Variable(string dependency) => $"ConnectionStrings__{dependency}";

    private T? Read<T>(string dependency, string example, Func<string, T?> parse)
        where T : class
    {
        var variable = Variable(dependency);
        if (read(variable) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            mistakes.Add($"{variable} is not set; expected {example}.");
            return null;
        }

        T? parsed;
        try
        {
            parsed = parse(text);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            parsed = null;
        }

        if (parsed is null)
        {
            mistakes.Add($"{variable} cannot be read; expected {example}.");
        }

        return parsed;
    }
}
