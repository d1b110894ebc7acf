using System.Text.Json;
using System.Text.Json.Serialization;
using Candor.Orders.Storage;

namespace Candor.Orders.Cache;

/// <summary>An order as it stands in the cache, with the version of its form.</summary>
/// <param name="Version">The version of the form; an entry of another version is not used.</param>
/// <param name="Order">The order.</param>
public sealed record CachedOrder(int Version, Order? Order)
{
    /// <summary>The version that is written. Raise it whenever an order's JSON changes.</summary>
    public const int Current = 1;

    /// <summary>The JSON of an order.</summary>
    public static string Write(Order order) => JsonSerializer.Serialize(new(Current, order), CacheJson.Default.CachedOrder);

    /// <summary>
    /// The order of an entry, or null when the entry is not one that this service can have written for that id: other programs may write
    /// to a cache, so its entries are validated.
    /// </summary>
    public static Order? Read(byte[] json, Guid id)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CacheJson.Default.CachedOrder) is { Version: Current, Order: { } order }
                && IsValid(order, id)
                ? order
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Only processed orders are kept, and those have a time at which they were.
    private static bool IsValid(Order order, Guid id) =>
        order.Id == id
        && order.Item is { Length: >= 1 and <= NewOrder.LongestItem } item && !item.Any(char.IsControl)
        && order.Quantity is >= 1 and <= NewOrder.LargestQuantity
        && order.Status == OrderStatus.Processed
        && order.CreatedAt != default
        && order.ProcessedAt >= order.CreatedAt;
}

/// <summary>How entries of the cache are written as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CachedOrder))]
internal sealed partial class CacheJson : JsonSerializerContext;
