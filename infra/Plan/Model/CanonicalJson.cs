using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Candor.Planning;

/// <summary>
/// One way to write each JSON value, so that equal Plans are equal bytes: properties sorted by name, whole numbers without a
/// fraction, text escaped only where JSON demands it.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>How a Plan is written for people and diffs: two spaces, the same line ends on every machine.</summary>
    internal static JsonWriterOptions Indented { get; } = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a JSON text may contain. Deeper nesting than any cloud resource has, or a property given twice, is refused.</summary>
    internal static JsonDocumentOptions Strict { get; } = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The canonical form of a value.</summary>
    /// <exception cref="PlanFormatException">It holds text that is not valid Unicode.</exception>
    internal static PlanValue Of(JsonElement element) => Build(writer => Write(writer, element));

    /// <summary>The value that the action writes.</summary>
    internal static PlanValue Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer);
        }

        return new(JsonElement.Parse(buffer.WrittenSpan));
    }

    /// <summary>Writes the canonical form of a value.</summary>
    internal static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(NameOf, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(NameOf(property));
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                WriteNumber(writer, element);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(TextOf(element));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>Writes a number without a fraction when it is whole: Pulumi hands every number over as a double.</summary>
    internal static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        const double Exact = 1L << 53;
        if (number == Math.Floor(number) && Math.Abs(number) <= Exact)
        {
            writer.WriteNumberValue((long)number);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (element.TryGetDouble(out var number) && double.IsFinite(number))
        {
            WriteNumber(writer, number);
        }
        else
        {
            throw new PlanFormatException(
                $"the number {Shortened(element.GetRawText())} is out of range, expected one that a double can hold");
        }
    }

    internal static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw InvalidText();
        }
    }

    /// <summary>The text of a string.</summary>
    /// <exception cref="PlanFormatException">It is not valid Unicode.</exception>
    internal static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate (\ud800): JSON's grammar allows it, Unicode does not.
            throw InvalidText();
        }
    }

    private static PlanFormatException InvalidText() => new("a text holds half of a surrogate pair, expected valid Unicode");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
