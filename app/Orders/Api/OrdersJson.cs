using System.Text.Json.Serialization;
using Candor.Orders.Storage;

namespace Candor.Orders.Api;

/// <summary>How orders are written as JSON in answers.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(List<Order>))]
public sealed partial class OrdersJson : JsonSerializerContext;
