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
