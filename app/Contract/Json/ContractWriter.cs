using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>Writes records of the contract as JSON nodes, in the order in which their properties are declared.</summary>
internal static class ContractWriter
{
    internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonNode Write(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        TimeSpan duration => JsonValue.Create(DurationText.Format(duration)),
        Enum name => JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(name.ToString())),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Write)]),
        _ => WriteRecord(value),
    };

    private static JsonObject WriteRecord(object record)
    {
        var result = new JsonObject();
        foreach (var property in Fields(record.GetType()))
        {
            if (property.GetValue(record) is { } value)
            {
                result[NameOf(property)] = Write(value);
            }
        }

        return result;
    }

    internal static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    internal static IEnumerable<PropertyInfo> Fields(Type record) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null)
            .OrderBy(property => property.MetadataToken);
}
