namespace Candor.Orders.Storage;

/// <summary>An order that stands in the database, as it was accepted.</summary>
/// <param name="Order">The order.</param>
/// <param name="SameBody">Whether it was stored from the same body; false when its idempotency key had been used for another.</param>
public sealed record StoredOrder(Order Order, bool SameBody);
