using System.Globalization;
using System.Text.Json;
using Candor.Orders.Storage;

namespace Candor.Orders.Api;

/// <summary>What a body of <c>POST /orders</c> must be. Every mistake is listed, each under the name of its field.</summary>
public static class OrderRules
{
    /// <summary>Reads a new order from <paramref name="body"/>.</summary>
    /// <param name="body">The parsed body.</param>
    /// <param name="errors">The mistakes by field; empty when an order is returned.</param>
    /// <returns>The order, or null when there are mistakes.</returns>
    public static NewOrder? Read(JsonElement body, out Dictionary<string, string[]> errors)
    {
        errors = new(StringComparer.Ordinal);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors["body"] = [$"Expected an object like {Example}, found {Kind(body)}."];
            return null;
        }

        var item = default(JsonElement);
        var quantity = default(JsonElement);
        foreach (var property in body.EnumerateObject())
        {
            switch (Name(property))
            {
                case "item":
                    item = property.Value;
                    break;
                case "quantity":
                    quantity = property.Value;
                    break;
                case { } unknown:
                    errors[Problems.Short(unknown)] = ["Unknown field; an order has \"item\" and \"quantity\"."];
                    break;
                case null:
                    errors["body"] = ["A field's name contains half of a surrogate pair; an order has \"item\" and \"quantity\"."];
                    break;
            }
        }

        var read = (Item: ReadItem(item, errors), Quantity: ReadQuantity(quantity, errors));
        return errors.Count == 0 ? new NewOrder(read.Item, read.Quantity) : null;
    }

    /// <summary>A body that is right.</summary>
    public const string Example = """{"item":"tea","quantity":2}""";

    private static string ReadItem(JsonElement found, Dictionary<string, string[]> errors)
    {
        if (found.ValueKind != JsonValueKind.String)
        {
            errors["item"] = [$"Expected a text of 1 to {NewOrder.LongestItem} characters, found {Kind(found)}."];
            return "";
        }

        var item = Text(found)?.Trim();
        if (item is null || item.Any(char.IsControl))
        {
            errors["item"] = ["Expected a text without control characters and without half of a surrogate pair."];
        }
        else if (item.Length is 0 or > NewOrder.LongestItem)
        {
            errors["item"] = [$"Expected a text of 1 to {NewOrder.LongestItem} characters, found {item.Length}."];
        }

        return item ?? "";
    }

    private static int ReadQuantity(JsonElement found, Dictionary<string, string[]> errors)
    {
        if (found.ValueKind != JsonValueKind.Number)
        {
            errors["quantity"] = [$"Expected a whole number from 1 to {Number(NewOrder.LargestQuantity)}, found {Kind(found)}."];
            return 0;
        }

        if (!found.TryGetInt32(out var quantity) || quantity is < 1 or > NewOrder.LargestQuantity)
        {
            errors["quantity"] = [
                $"Expected a whole number from 1 to {Number(NewOrder.LargestQuantity)}, found {Problems.Short(found.GetRawText())}."];
        }

        return quantity;
    }

    // An escaped half of a surrogate pair is valid JSON and not a text.
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
