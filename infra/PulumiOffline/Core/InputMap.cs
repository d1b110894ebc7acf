using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map of inputs, or an output of a map; works with collection initializers.</summary>
public sealed class InputMap<TValue>
    : Input<ImmutableDictionary<string, TValue>>, IEnumerable, IAsyncEnumerable<Input<KeyValuePair<string, TValue>>>, IInputCollection
{
    private Output<ImmutableDictionary<string, Input<TValue>>> entries;

    /// <summary>An empty map.</summary>
    public InputMap()
        : this(Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> entries)
        : base(Flatten(entries))
        => this.entries = entries;

    /// <summary>Adds an entry.</summary>
    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    /// <summary>Adds an entry; a key that is there already is an error.</summary>
    public void Add(string key, Input<TValue> value)
        => Set(entries.Apply(all => all.Add(key, value)));

    /// <summary>Adds the entries of another map.</summary>
    public void Add(InputMap<TValue> values) => AddRange(values);

    /// <summary>Adds the entries of another map.</summary>
    public void AddRange(InputMap<TValue> values)
        => Set(Output.Tuple(entries, values.entries).Apply(both => both.Item1.AddRange(both.Item2)));

    /// <summary>A new map of both; where both have a key, the second wins.</summary>
    public static InputMap<TValue> Merge(InputMap<TValue> first, InputMap<TValue> second)
        => new(Output.Tuple(first.entries, second.entries).Apply(both => both.Item1.SetItems(both.Item2)));

    /// <summary>A map of these entries.</summary>
    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values)
        => Of(Output.Create((IEnumerable<KeyValuePair<string, TValue>>)values));

    /// <summary>A map of these entries.</summary>
    public static implicit operator InputMap<TValue>(ImmutableDictionary<string, TValue> values)
        => Of(Output.Create((IEnumerable<KeyValuePair<string, TValue>>)values));

    /// <summary>The map that an output gives.</summary>
    public static implicit operator InputMap<TValue>(Output<Dictionary<string, TValue>> values)
        => Of(values.Apply(v => (IEnumerable<KeyValuePair<string, TValue>>)v));

    /// <summary>The map that an output gives.</summary>
    public static implicit operator InputMap<TValue>(Output<IDictionary<string, TValue>> values)
        => Of(values.Apply(v => (IEnumerable<KeyValuePair<string, TValue>>)v));

    /// <summary>The map that an output gives.</summary>
    public static implicit operator InputMap<TValue>(Output<ImmutableDictionary<string, TValue>> values)
        => Of(values.Apply(v => (IEnumerable<KeyValuePair<string, TValue>>)v));

    IEnumerator IEnumerable.GetEnumerator()
        => throw new NotSupportedException(
            $"A {GetType().FullName} cannot be synchronously enumerated. Use {nameof(GetAsyncEnumerator)} instead.");

    /// <summary>The entries, once they are there; none if the map is unknown.</summary>
    public async IAsyncEnumerator<Input<KeyValuePair<string, TValue>>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var known = await outputValue.GetValueAsync(whenUnknown: ImmutableDictionary<string, TValue>.Empty).ConfigureAwait(false);
        foreach (var entry in known)
        {
            yield return entry;
        }
    }

    IOutput IInputCollection.Elements => entries;

    private void Set(Output<ImmutableDictionary<string, Input<TValue>>> value)
    {
        entries = value;
        outputValue = Flatten(value);
    }

    private static InputMap<TValue> Of(Output<IEnumerable<KeyValuePair<string, TValue>>> values)
        => new(values.Apply(all => all.ToImmutableDictionary(e => e.Key, e => (Input<TValue>)e.Value)));

    private static Output<ImmutableDictionary<string, TValue>> Flatten(Output<ImmutableDictionary<string, Input<TValue>>> entries)
        => entries.Apply(all => Output
            .All(all.Select(e => e.Value.Apply(value => KeyValuePair.Create(e.Key, value))))
            .Apply(pairs => ImmutableDictionary.CreateRange(pairs)));
}
