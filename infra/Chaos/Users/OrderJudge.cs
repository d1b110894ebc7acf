using System.Text.Json;

namespace Candor.Chaos.Users;

/// <summary>Knows what an answer has to contain.</summary>
/// <param name="mark">The beginning of every item that is ordered.</param>
internal sealed class OrderJudge(string mark)
{
    private long _number;

    public string Mark => mark;

    /// <summary>An order that nobody has placed yet.</summary>
    public (string Item, int Quantity) NextOrder()
    {
        var number = Interlocked.Increment(ref _number);
        return ($"{mark}-{number}", (int)(number % 50) + 1);
    }

    /// <summary>What is wrong with the answer to an order, or null.</summary>
    public static string? ReadPlaced(byte[] body, string item, int quantity, out Guid id)
    {
        id = default;
        if (Parse(body) is not { ValueKind: JsonValueKind.Object } order)
        {
            return "201 without an order";
        }

        if (!TryId(order, out id))
        {
            return "201 with an order without an id";
        }

        return Text(order, "item") != item || !order.TryGetProperty("quantity", out var found) || !found.TryGetInt32(out var number) || number != quantity ? "201 with another order" : null;
    }

    /// <summary>What is wrong with the answer to a read, or null.</summary>
    public static string? Read(byte[] body, Guid id, string item) =>
        Parse(body) is not { ValueKind: JsonValueKind.Object } order ? "200 without an order"
        : !TryId(order, out var found) || found != id || Text(order, "item") != item ? "200 with another order"
        : null;

    /// <summary>What is wrong with a list, or null.</summary>
    public static string? ReadList(byte[] body, int limit)
    {
        if (Parse(body) is not { ValueKind: JsonValueKind.Array } list)
        {
            return "200 without a list";
        }

        if (list.GetArrayLength() == 0 || list.GetArrayLength() > limit)
        {
            return $"200 with a list of {list.GetArrayLength()}";
        }

        return list.EnumerateArray().All(order => TryId(order, out _) && Text(order, "item") is { Length: > 0 }) ? null : "200 with a list of something else";
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryId(JsonElement order, out Guid id)
    {
        id = default;
        return order.ValueKind == JsonValueKind.Object && order.TryGetProperty("id", out var found) && found.ValueKind == JsonValueKind.String && found.TryGetGuid(out id);
    }

    private static string? Text(JsonElement order, string name) =>
        order.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
