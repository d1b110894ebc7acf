using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>An [Output] property that is filled once the resource is registered.</summary>
internal interface IOutputCompletionSource
{
    Type TargetType { get; }

    void SetValue(object? value, bool isKnown, bool isSecret);

    void TrySetDefault(bool isKnown);

    void TrySetException(Exception exception);
}

/// <inheritdoc cref="IOutputCompletionSource"/>
internal sealed class OutputCompletionSource<T> : IOutputCompletionSource
{
    private readonly ImmutableHashSet<Resource> resources;
    private readonly TaskCompletionSource<OutputData<T>> source = new();

    public OutputCompletionSource(Resource resource)
    {
        resources = [resource];
        Output = new Output<T>(source.Task);
    }

    public Output<T> Output { get; }

    public Type TargetType => typeof(T);

    public void SetValue(object? value, bool isKnown, bool isSecret)
        => source.SetResult(new(resources, value is null ? default! : (T)value, isKnown, isSecret));

    public void TrySetDefault(bool isKnown) => source.TrySetResult(new(resources, default!, isKnown, IsSecret: false));

    public void TrySetException(Exception exception) => source.TrySetException(exception);
}

/// <summary>Finds and sets the [Output] properties of a resource.</summary>
internal static class OutputCompletionSource
{
    public static IReadOnlyDictionary<string, IOutputCompletionSource> InitializeOutputs(Resource resource)
    {
        var sources = new Dictionary<string, IOutputCompletionSource>(StringComparer.Ordinal);
        foreach (var property in resource.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<OutputAttribute>() is not { } attribute)
            {
                continue;
            }
            var name = attribute.Name ?? property.Name;
            var type = property.PropertyType;
            if (!type.IsConstructedGenericType || type.GetGenericTypeDefinition() != typeof(Output<>))
            {
                throw RunException.OutputsHaveIncorrectType([name]);
            }
            var setter = property.DeclaringType!
                .GetMethod($"set_{property.Name}", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                ?? throw new InvalidOperationException(
                    $"[Output] {resource.GetType().FullName}.{property.Name} did not have a 'set' method");
            var sourceType = typeof(OutputCompletionSource<>).MakeGenericType(type.GenericTypeArguments);
            var source = (IOutputCompletionSource)Activator.CreateInstance(sourceType, resource)!;
            setter.Invoke(resource, [sourceType.GetProperty("Output")!.GetValue(source)]);
            sources.Add(name, source);
        }
        return sources;
    }
}
