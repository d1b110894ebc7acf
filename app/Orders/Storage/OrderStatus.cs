using System.Text.Json.Serialization;

namespace Candor.Orders.Storage;

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
