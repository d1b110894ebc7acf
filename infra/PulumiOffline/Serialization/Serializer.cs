using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Pulumi.Serialization;

/// <summary>
/// Turns inputs into what goes over the wire: null, bool, double, string, lists and dictionaries of them, and resources.
/// Remembers the resources, secrets and unknowns that it meets.
/// </summary>
internal sealed class Serializer
{
    private readonly HashSet<Resource> dependencies = [];
    private bool isSecret;
    private bool isKnown = true;

    /// <summary>Serializes one property, with what it depends on.</summary>
    public static async Task<(Plain Value, IReadOnlySet<Resource> Dependencies)> PropertyAsync(string context, object? value)
    {
        var serializer = new Serializer();
        var serialized = await serializer.SerializeAsync(context, value).ConfigureAwait(false);
        return (new Plain(serialized, serializer.isKnown, serializer.isSecret), serializer.dependencies);
    }

    private async Task<object?> SerializeAsync(string context, object? value)
    {
        switch (value)
        {
            case null or bool or double or string:
                return value;
            case int number:
                return (double)number;
            case InputArgs args:
                return await DictionaryAsync(context, args.ToDictionary()).ConfigureAwait(false);
            case Task:
                throw new InvalidOperationException(
                    $"Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output:\n\t{context}");
            case IInputCollection collection:
                return await OutputAsync(context, collection.Elements).ConfigureAwait(false);
            case IInput input:
                return await OutputAsync(context, input.ToOutput()).ConfigureAwait(false);
            case IOutput output:
                return await OutputAsync(context, output).ConfigureAwait(false);
            case IUnion union:
                return await SerializeAsync(context, union.Value).ConfigureAwait(false);
            case JsonElement json:
                return Json(json);
            case Resource resource:
                return await ResourceAsync(resource).ConfigureAwait(false);
            case IDictionary dictionary:
                return await DictionaryAsync(context, dictionary).ConfigureAwait(false);
            case IList list:
                return await ListAsync(context, list).ConfigureAwait(false);
            case Enum number:
                return Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture);
            case ValueTuple:
                return null;
            default:
                return await OfTypeAsync(context, value).ConfigureAwait(false);
        }
    }

    private async Task<object?> OutputAsync(string context, IOutput output)
    {
        var data = await output.GetDataAsync().ConfigureAwait(false);
        dependencies.UnionWith(data.Resources);
        isSecret |= data.IsSecret;
        isKnown &= data.IsKnown;
        return data.IsKnown ? await SerializeAsync($"{context}.id", data.Value).ConfigureAwait(false) : Unknown.Value;
    }

    private async Task<Resource> ResourceAsync(Resource resource)
    {
        if (resource is CustomResource)
        {
            dependencies.Add(resource);
        }
        await resource.Urn.DataTask.ConfigureAwait(false);
        return resource;
    }

    private async Task<object> DictionaryAsync(string context, IDictionary dictionary)
    {
        var result = ImmutableDictionary.CreateBuilder<string, object>();
        foreach (var key in dictionary.Keys)
        {
            if (key is not string name)
            {
                throw new InvalidOperationException($"Dictionaries are only supported with string keys:\n\t{context}");
            }
            // As in JSON, a key without a value is left out.
            if (await SerializeAsync($"{context}.{name}", dictionary[name]).ConfigureAwait(false) is { } value)
            {
                result[name] = value;
            }
        }
        return result.ToImmutable();
    }

    private async Task<object> ListAsync(string context, IList list)
    {
        var result = ImmutableArray.CreateBuilder<object?>();
        // A default ImmutableArray cannot be counted.
        var length = list.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            && list.Equals(Activator.CreateInstance(type)) ? 0 : list.Count;
        for (var i = 0; i < length; i++)
        {
            result.Add(await SerializeAsync($"{context}[{i}]", list[i]).ConfigureAwait(false));
        }
        return result.ToImmutable();
    }

    private async Task<object?> OfTypeAsync(string context, object value)
    {
        var type = value.GetType();
        if (type.IsValueType && type.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return type.GetMethod("op_Explicit", [type])!.Invoke(null, [value]);
        }
        if (type.GetCustomAttribute<OutputTypeAttribute>() is null)
        {
            throw new InvalidOperationException($"{type.FullName} is not a supported argument type.\n\t{context}");
        }
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(f => f.IsInitOnly)
            .ToDictionary(f => char.ToLowerInvariant(f.Name[0]) + f.Name[1..], f => f.GetValue(value));
        return await DictionaryAsync(context, fields).ConfigureAwait(false);
    }

    private static object? Json(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
        JsonValueKind.Array => json.EnumerateArray().Select(Json).ToImmutableArray(),
        JsonValueKind.Object => json.EnumerateObject().ToImmutableDictionary(p => p.Name, p => Json(p.Value)),
        _ => null,
    };
}
