using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>
/// The JSON form of one record: its keys in their order, each with how it is written and how it is read over an existing record. Written
/// out instead of found by reflection, so that it survives trimming and costs a start nothing; a test compares it with the record.
/// </summary>
internal sealed class RecordSchema<T>(params IReadOnlyList<SchemaField<T>> fields)
    where T : class
{
    private readonly Dictionary<string, SchemaField<T>> _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    internal IEnumerable<string> Names => fields.Select(one => one.Name);

    internal JsonObject Write(T record)
    {
        var result = new JsonObject();
        foreach (var field in fields)
        {
            if (field.Write(record) is { } value)
            {
                result[field.Name] = value;
            }
        }

        return result;
    }

    /// <summary>
    /// A copy of <paramref name="record"/> with the node's values; mistakes are collected, and their properties keep their values.
    /// </summary>
    internal T Read(T record, JsonNode? node, ReadContext context)
    {
        if (node is not JsonObject keys)
        {
            context.Mismatch(node, "a JSON object");
            return record;
        }

        foreach (var (key, value) in keys)
        {
            var inside = context.Below(key);
            if (_byName.TryGetValue(key, out var field))
            {
                record = field.Read(record, value, inside);
            }
            else
            {
                inside.UnknownKey(key, Names);
            }
        }

        return record;
    }
}

/// <summary>One key of a record.</summary>
/// <param name="Name">The key.</param>
/// <param name="Write">Its value, or null when the record has none.</param>
/// <param name="Read">A copy of the record with the value of the node.</param>
internal sealed record SchemaField<T>(string Name, Func<T, JsonNode?> Write, Func<T, JsonNode?, ReadContext, T> Read);
