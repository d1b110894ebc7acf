using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Pulumi.Serialization;

/// <summary>Turns what came over the wire into the type of an output; what does not fit becomes the type's default and a warning.</summary>
internal static class Converter
{
    public static object? Convert(string context, object? value, Type target)
    {
        var (converted, error) = TryConvert(context, value, target);
        if (error is not null)
        {
            Log.Warn(error);
            return Default(target);
        }
        return converted;
    }

    private static (object? Value, string? Error) TryConvert(string context, object? value, Type target)
    {
        if (value is null)
        {
            return (Default(target), null);
        }
        if (Nullable.GetUnderlyingType(target) is { } underlying)
        {
            return TryConvert(context, value, underlying);
        }
        if (target == typeof(object) || target.IsInstanceOfType(value))
        {
            return (value, null);
        }
        if (target == typeof(int) && value is double number)
        {
            return ((int)number, null);
        }
        if (target == typeof(JsonElement))
        {
            return (JsonSerializer.SerializeToElement(value), null);
        }
        if (target.IsConstructedGenericType)
        {
            return OfGeneric(context, value, target);
        }
        if (target.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            var constructor = target.GetConstructor(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [value.GetType()]);
            return constructor is null ? Mismatch(context, value, target) : (constructor.Invoke([value]), null);
        }
        return target.GetCustomAttribute<OutputTypeAttribute>() is not null && value is ImmutableDictionary<string, object> map
            ? (OfOutputType(map, target), null)
            : Mismatch(context, value, target);
    }

    private static (object?, string?) OfGeneric(string context, object value, Type target)
    {
        var definition = target.GetGenericTypeDefinition();
        if (definition == typeof(Union<,>))
        {
            return OfUnion(context, value, target);
        }
        if (definition == typeof(ImmutableArray<>) && value is ImmutableArray<object?> list)
        {
            return (Call(nameof(ListOf), target, context, list), null);
        }
        if (definition == typeof(ImmutableDictionary<,>) && value is ImmutableDictionary<string, object> map)
        {
            return (Call(nameof(MapOf), typeof(List<>).MakeGenericType(target.GenericTypeArguments[1]), context, map), null);
        }
        return Mismatch(context, value, target);
    }

    private static (object?, string?) OfUnion(string context, object value, Type target)
    {
        var types = target.GenericTypeArguments;
        var (first, firstError) = TryConvert($"{context}.AsT0", value, types[0]);
        if (firstError is null)
        {
            return (target.GetMethod("FromT0")!.Invoke(null, [first]), null);
        }
        var (second, secondError) = TryConvert($"{context}.AsT1", value, types[1]);
        return secondError is null
            ? (target.GetMethod("FromT1")!.Invoke(null, [second]), null)
            : Mismatch(context, value, target);
    }

    private static object OfOutputType(ImmutableDictionary<string, object> map, Type target)
    {
        var constructor = target.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Single(c => c.GetCustomAttribute<OutputConstructorAttribute>() is not null);
        var arguments = constructor.GetParameters().Select(parameter =>
        {
            var name = parameter.GetCustomAttribute<OutputConstructorParameterAttribute>()?.Name ?? parameter.Name!;
            return Convert($"{target.FullName}({parameter.Name})", map.GetValueOrDefault(name), parameter.ParameterType);
        });
        return constructor.Invoke([.. arguments]);
    }

    private static object Call(string method, Type element, string context, object value)
        => typeof(Converter).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(element.GenericTypeArguments).Invoke(null, [context, value])!;

    private static ImmutableArray<T> ListOf<T>(string context, ImmutableArray<object?> list)
        => [.. list.Select(element => (T)Convert(context, element, typeof(T))!)];

    private static ImmutableDictionary<string, T> MapOf<T>(string context, ImmutableDictionary<string, object> map)
        => map.ToImmutableDictionary(e => e.Key, e => (T)Convert($"{context}.{e.Key}", e.Value, typeof(T))!);

    private static (object?, string?) Mismatch(string context, object value, Type target)
        => (null, $"Expected {target.FullName} but got {value.GetType().FullName} deserializing {context}");

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}
