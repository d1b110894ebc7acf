using System.Data.Common;
using System.Globalization;
using Candor.Contract;

namespace Candor.Program.Dependencies;

/// <summary>Connection strings as the services' drivers read them.</summary>
internal static class ConnectionStrings
{
    private const string PoolSize = "Maximum Pool Size";

    // As Npgsql spells it in all its ways, without spaces.
    private static readonly string[] PoolSizeKeys = ["maximumpoolsize", "maxpoolsize"];

    /// <summary>The form of the kind.</summary>
    public static string Of(Dependency dependency, Server server, string password) => dependency.Kind switch
    {
        DependencyKind.Postgres => Postgres(dependency, server, password),
        DependencyKind.Redis => Redis(dependency.DialledPort(), server, password),
        DependencyKind.RabbitMq => RabbitMq(dependency.DialledPort(), server, password),
        _ => throw new ArgumentOutOfRangeException(nameof(dependency), dependency.Kind, "The stack creates none of this kind."),
    };

    /// <summary>
    /// A connection string of somebody else's, with the size of the pool where it says none: what all pods open together is proved with
    /// that number. Whatever else it says is left as it is.
    /// </summary>
    public static string WithPool(Dependency dependency, string connection)
    {
        if (dependency.Kind != DependencyKind.Postgres
            || dependency.MaximumConnections() is not { } connections
            || SaysPoolSize(connection))
        {
            return connection;
        }

        var separator = connection.TrimEnd().EndsWith(';') ? string.Empty : ";";
        return string.Create(CultureInfo.InvariantCulture, $"{connection}{separator}{PoolSize}={connections}");
    }

    // Npgsql's form.
    private static string Postgres(Dependency dependency, Server server, string password)
    {
        var builder = new DbConnectionStringBuilder
        {
            ["Host"] = server.Host,
            ["Port"] = dependency.DialledPort(),
            ["Database"] = server.User,
            ["Username"] = server.User,
            ["Password"] = password,
        };
        if (dependency.MaximumConnections() is { } connections)
        {
            builder[PoolSize] = connections;
        }

        if (server.CertificateFile is { } file)
        {
            // Encryption alone is no proof of who answers: the name and the issuer must be right, too.
            builder["SSL Mode"] = "VerifyFull";
            builder["Root Certificate"] = file;
        }

        return builder.ConnectionString;
    }

    // StackExchange.Redis' form.
    private static string Redis(int port, Server server, string password) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Host}:{port},password={password},abortConnect=false{(server.Tls ? ",ssl=true" : string.Empty)}");

    // An AMQP URI.
    private static string RabbitMq(int port, Server server, string password) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(server.Tls ? "amqps" : "amqp")}://{server.User}:{Uri.EscapeDataString(password)}@{server.Host}:{port}/");

    private static bool SaysPoolSize(string connection)
    {
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = connection };
            return builder.Keys!.Cast<string>().Any(key =>
                PoolSizeKeys.Contains(key.Replace(" ", string.Empty, StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase));
        }
        catch (ArgumentException)
        {
            // Not of this form: a placeholder, or a text that the app refuses by itself.
            return false;
        }
    }
}

/// <summary>A server that the stack makes.</summary>
/// <param name="Host">Where it is reached.</param>
/// <param name="User">The user, and the database's name.</param>
/// <param name="Tls">Whether it speaks TLS.</param>
/// <param name="CertificateFile">Where the pods have the certificates that it is known by, or null.</param>
internal sealed record Server(string Host, string User, bool Tls, string? CertificateFile = null);
