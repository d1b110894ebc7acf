using System.Text;

namespace Candor.Orders.Queue;

/// <summary>What stands in a message: the order's id. Everything else is read from the database, where it is true.</summary>
public static class OrderMessage
{
    /// <summary>The content type.</summary>
    public const string ContentType = "text/plain";

    /// <summary>The body for an order.</summary>
    public static byte[] Write(Guid order) => Encoding.ASCII.GetBytes(order.ToString());

    /// <summary>The order of a body, or null when it is none.</summary>
    public static Guid? Read(ReadOnlySpan<byte> body) => Guid.TryParse(Encoding.UTF8.GetString(body), out var order) ? order : null;
}
