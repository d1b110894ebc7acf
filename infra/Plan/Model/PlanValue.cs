using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Planning;

/// <summary>
/// An immutable JSON value of a Plan, or nothing at all: reading a missing property of a missing property is missing, not an error,
/// so that a rule reads like the sentence it checks.
/// </summary>
public readonly struct PlanValue : IEquatable<PlanValue>
{
    private readonly JsonElement _element;

    /// <summary>Wraps a JSON element; it must outlive its document (<see cref="JsonElement.Clone"/>).</summary>
    public PlanValue(JsonElement element) => _element = element;

    /// <summary>No value: neither null nor empty.</summary>
    public static PlanValue Missing => default;

    /// <summary>An object without properties.</summary>
    public static PlanValue EmptyObject { get; } = Parse("{}");

    /// <summary>Whether there is a value other than null.</summary>
    public bool Exists => _element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>What kind of JSON it is; <see cref="JsonValueKind.Undefined"/> when missing.</summary>
    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The property of an object, or missing.</summary>
    public PlanValue this[string property] =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(property, out var value) ? new(value) : Missing;

    /// <summary>The text of a string, or null for anything else.</summary>
    public string? Text => _element.ValueKind == JsonValueKind.String ? _element.GetString() : null;

    /// <summary>The number of a number, or of a string that is one (AWS sends some so), or null.</summary>
    public double? Number => _element.ValueKind switch
    {
        JsonValueKind.Number => _element.GetDouble(),
        JsonValueKind.String when double.TryParse(_element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            number,
        _ => null,
    };

    /// <summary>The Boolean value, also of the strings <c>true</c> and <c>false</c>, or null.</summary>
    public bool? Boolean => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(_element.GetString(), out var truth) => truth,
        _ => null,
    };

    /// <summary>The elements of an array; none for anything else.</summary>
    public IEnumerable<PlanValue> Items
    {
        get
        {
            if (_element.ValueKind != JsonValueKind.Array)
            {
                return [];
            }

            return _element.EnumerateArray().Select(item => new PlanValue(item));
        }
    }

    /// <summary>The properties of an object, in the order of the Plan; none for anything else.</summary>
    public IEnumerable<KeyValuePair<string, PlanValue>> Properties
    {
        get
        {
            if (_element.ValueKind != JsonValueKind.Object)
            {
                return [];
            }

            return _element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, new PlanValue(property.Value)));
        }
    }

    /// <summary>Equal by content; the order of properties does not count.</summary>
    public static bool operator ==(PlanValue left, PlanValue right) => left.Equals(right);

    /// <summary>Not equal by content.</summary>
    public static bool operator !=(PlanValue left, PlanValue right) => !left.Equals(right);

    /// <summary>Reads JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static PlanValue Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.Clone());
    }

    /// <summary>The value of a node that someone built.</summary>
    public static PlanValue From(JsonNode? node) => Parse(node?.ToJsonString() ?? "null");

    /// <summary>A node of one's own to change.</summary>
    public JsonNode? ToNode() => _element.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(_element.GetRawText());

    /// <summary>Writes it where it is wanted, properties sorted by name; missing is written as null.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (_element.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            CanonicalJson.Write(writer, _element);
        }
    }

    /// <inheritdoc />
    public bool Equals(PlanValue other) =>
        Kind == JsonValueKind.Undefined || other.Kind == JsonValueKind.Undefined
            ? Kind == other.Kind
            : JsonElement.DeepEquals(_element, other._element);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is PlanValue other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => (int)Kind;

    /// <summary>Compact JSON, or nothing when missing.</summary>
    public override string ToString() => _element.ValueKind == JsonValueKind.Undefined ? string.Empty : _element.GetRawText();
}
