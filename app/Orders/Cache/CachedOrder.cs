using System.Text.Json;
using Candor.Orders.Api;
using Candor.Orders.Storage;

namespace Candor.Orders.Cache;

/// <summary>An order as it stands in the cache, with the version of its form.</summary>
/// <param name="Version">The version of the form; an entry of another is not understood.</param>
/// <param name="Order">The order.</param>
public sealed record CachedOrder(int Version, Order? Order)
{
    /// <summary>The version that is written. Raise it whenever an order's JSON changes.</summary>
    public const int Current = 1;

    /// <summary>The JSON of an order.</summary>
    public static string Write(Order order) => JsonSerializer.Serialize(new(Current, order), OrdersJson.Default.CachedOrder);

    /// <summary>
    /// The order of an entry, or null when the entry is not one that this service can have written for that id: anybody may write to a
    /// cache, and what is served from it must not be believed.
    /// </summary>
    public static Order? Read(byte[] json, Guid id)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OrdersJson.Default.CachedOrder) is { Version: Current, Order: { } order } && IsValid(order, id) ? order : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Only processed orders are kept, and those have a time at which they were.
    private static bool IsValid(Order order, Guid id) =>
        order.Id == id
        && order.Item is { Length: >= 1 and <= OrderRules.LongestItem } item && !item.Any(char.IsControl)
        && order.Quantity is >= 1 and <= OrderRules.LargestQuantity
        && order.Status == OrderStatus.Processed
        && order.CreatedAt != default
        && order.ProcessedAt >= order.CreatedAt;
}
