using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Candor.Orders.Storage;

/// <summary>An order as users see it.</summary>
/// <param name="Id">Its id, a UUID of version 7: sorted by time of creation.</param>
/// <param name="Item">What is ordered, 1 to 200 characters.</param>
/// <param name="Quantity">How many, 1 to 10,000.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="CreatedAt">When it was accepted, in UTC, by the database's clock.</param>
/// <param name="ProcessedAt">When it was processed, or null.</param>
public sealed record Order(
    Guid Id,
    string Item,
    int Quantity,
    OrderStatus Status,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ProcessedAt = null);

/// <summary>How far an order has come. It only moves forward.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>Stored, and its message is in the outbox or the queue.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>Processed by a consumer, once. The order never changes again.</summary>
    [JsonStringEnumMemberName("processed")]
    Processed,
}

/// <summary>A valid order that is not stored yet.</summary>
/// <param name="Item">What is ordered.</param>
/// <param name="Quantity">How many.</param>
public sealed record NewOrder(string Item, int Quantity)
{
    /// <summary>The longest item, in UTF-16 characters.</summary>
    public const int LongestItem = 200;

    /// <summary>The largest quantity.</summary>
    public const int LargestQuantity = 10_000;

    /// <summary>SHA-256 of what was meant, so that white space in the body does not make it another order.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Quantity}:{Item}"));
}

/// <summary>An order that stands in the database, as it was accepted.</summary>
/// <param name="Order">The order.</param>
/// <param name="SameBody">Whether it was stored from the same body; false when its idempotency key had been used for another.</param>
public sealed record StoredOrder(Order Order, bool SameBody);
