using System.Collections.Immutable;

namespace Pulumi.Serialization;

/// <summary>What an output resolves to: its value and where it came from.</summary>
internal readonly record struct OutputData<T>(ImmutableHashSet<Resource> Resources, T Value, bool IsKnown, bool IsSecret);

/// <summary>Collects what several outputs have in common: all dependencies, known only if all are, secret if any is.</summary>
internal sealed class OutputJoin
{
    private ImmutableHashSet<Resource> resources = ImmutableHashSet<Resource>.Empty;
    private bool isKnown = true;
    private bool isSecret;

    public T Take<T>(OutputData<T> data)
    {
        resources = resources.Union(data.Resources);
        isKnown &= data.IsKnown;
        isSecret |= data.IsSecret;
        return data.Value;
    }

    public OutputData<T> Data<T>(T value) => new(resources, value, isKnown, isSecret);
}
