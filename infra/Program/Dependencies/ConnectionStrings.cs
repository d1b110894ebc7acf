using System.Data.Common;
using System.Globalization;
using Candor.Contract;

namespace Candor.Program.Dependencies;

/// <summary>Connection strings as the services' drivers read them.</summary>
internal static class ConnectionStrings
{
    /// <summary>User and database of everything the stack makes.</summary>
    public const string User = "orders";

    /// <summary>Npgsql's form.</summary>
    public static string Postgres(string host, int port, string password, bool tls)
    {
        var builder = new DbConnectionStringBuilder
        {
            ["Host"] = host,
            ["Port"] = port,
            ["Database"] = User,
            ["Username"] = User,
            ["Password"] = password,
        };
        if (tls)
        {
            builder["SSL Mode"] = "Require";
        }

        return builder.ConnectionString;
    }

    /// <summary>StackExchange.Redis' form.</summary>
    public static string Redis(string host, int port, string password, bool tls) =>
        string.Create(CultureInfo.InvariantCulture, $"{host}:{port},password={password},abortConnect=false{(tls ? ",ssl=true" : string.Empty)}");

    /// <summary>An AMQP URI.</summary>
    public static string RabbitMq(string host, int port, string password, bool tls) =>
        string.Create(CultureInfo.InvariantCulture, $"{(tls ? "amqps" : "amqp")}://{User}:{Uri.EscapeDataString(password)}@{host}:{port}/");

    /// <summary>The form of the kind.</summary>
    public static string Of(string kind, string host, int port, string password, bool tls) => kind switch
    {
        DependencyKind.Postgres => Postgres(host, port, password, tls),
        DependencyKind.Redis => Redis(host, port, password, tls),
        DependencyKind.RabbitMq => RabbitMq(host, port, password, tls),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The stack makes none of this kind."),
    };
}
