using System.Text.Json.Serialization;
using Candor.Orders.Cache;
using Candor.Orders.Storage;

namespace Candor.Orders.Api;

/// <summary>How orders are written as JSON, in answers and in the cache alike.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(List<Order>))]
[JsonSerializable(typeof(CachedOrder))]
public sealed partial class OrdersJson : JsonSerializerContext;
