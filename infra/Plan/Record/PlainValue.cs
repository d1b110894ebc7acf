using System.Collections;
using System.Text.Json;

namespace Candor.Planning;

/// <summary>Makes a Plan's values of the plain objects that Pulumi hands to mocks.</summary>
internal static class PlainValue
{
    internal static PlanValue Of(object? value) => CanonicalJson.Build(writer => Write(writer, value));

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case double or float or int or long:
                CanonicalJson.WriteNumber(writer, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case IEnumerable<KeyValuePair<string, object>> map:
                WriteMap(writer, map);
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                // An asset, an archive or a resource reference: what it is, not what is in it.
                writer.WriteStringValue($"[{value.GetType().Name}]");
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object>> map)
    {
        writer.WriteStartObject();
        foreach (var (name, item) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, item);
        }

        writer.WriteEndObject();
    }
}
