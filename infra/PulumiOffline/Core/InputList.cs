using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list of inputs, or an output of a list; works with collection initializers.</summary>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable, IAsyncEnumerable<Input<T>>, IInputCollection
{
    // Kept apart from the flattened value, so that one unknown element does not hide the others' dependencies.
    private Output<ImmutableArray<Input<T>>> elements;

    /// <summary>An empty list.</summary>
    public InputList()
        : this(Output.Create(ImmutableArray<Input<T>>.Empty))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> elements)
        : base(Flatten(elements))
        => this.elements = elements;

    /// <summary>Adds elements.</summary>
    public void Add(params Input<T>[] inputs) => AddRange(inputs);

    /// <summary>Adds the elements of another list.</summary>
    public void Add(InputList<T> inputs) => AddRange(inputs);

    /// <summary>Adds the elements of another list.</summary>
    public void AddRange(InputList<T> inputs)
    {
        elements = Concat(inputs).elements;
        outputValue = Flatten(elements);
    }

    /// <summary>A new list: this one's elements, then the other's.</summary>
    public InputList<T> Concat(InputList<T> other)
        => new(Output.Tuple(elements, other.elements).Apply(both => both.Item1.AddRange(both.Item2)));

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(T value) => Of([value]);

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(Output<T> value) => Of([value]);

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(Input<T> value) => Of([value]);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(T[] values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(Output<T>[] values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(Input<T>[] values) => Of(values);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<T> values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<Output<T>> values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<Input<T>> values) => Of(values);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<T> values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<Output<T>> values) => Of(values.Select(v => (Input<T>)v));

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<Input<T>> values) => Of(values);

    /// <summary>The list that an output gives.</summary>
    public static implicit operator InputList<T>(Output<T[]> values) => OfOutput(values.Apply(v => (IEnumerable<T>)v));

    /// <summary>The list that an output gives.</summary>
    public static implicit operator InputList<T>(Output<List<T>> values) => OfOutput(values.Apply(v => (IEnumerable<T>)v));

    /// <summary>The list that an output gives.</summary>
    public static implicit operator InputList<T>(Output<IEnumerable<T>> values) => OfOutput(values);

    /// <summary>The list that an output gives.</summary>
    public static implicit operator InputList<T>(Output<ImmutableArray<T>> values)
        => OfOutput(values.Apply(v => v.IsDefault ? [] : (IEnumerable<T>)v));

    IEnumerator IEnumerable.GetEnumerator()
        => throw new NotSupportedException(
            $"A {GetType().FullName} cannot be synchronously enumerated. Use {nameof(GetAsyncEnumerator)} instead.");

    /// <summary>The elements, once they are there; none if the list is unknown.</summary>
    public async IAsyncEnumerator<Input<T>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        foreach (var value in await outputValue.GetValueAsync(whenUnknown: []).ConfigureAwait(false))
        {
            yield return value;
        }
    }

    IOutput IInputCollection.Elements => elements;

    internal InputList<T> Clone() => new(elements);

    private static InputList<T> Of(IEnumerable<Input<T>> values) => new(Output.Create(values.ToImmutableArray()));

    private static InputList<T> OfOutput(Output<IEnumerable<T>> values)
        => new(values.Apply(v => v.Select(element => (Input<T>)element).ToImmutableArray()));

    private static Output<ImmutableArray<T>> Flatten(Output<ImmutableArray<Input<T>>> elements)
        => elements.Apply(inputs => Output.All<T>(inputs));
}

/// <summary>A list or map whose elements are inputs.</summary>
internal interface IInputCollection
{
    IOutput Elements { get; }
}
