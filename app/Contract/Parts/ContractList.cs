using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Candor.Contract;

/// <summary>An immutable list that compares by content, so that contracts do too.</summary>
/// <typeparam name="T">What it holds.</typeparam>
[CollectionBuilder(typeof(ContractList), nameof(ContractList.Create))]
public sealed class ContractList<T> : IReadOnlyList<T>, IEquatable<ContractList<T>>
    where T : class
{
    private readonly ImmutableArray<T> _items;

    internal ContractList(ImmutableArray<T> items) => _items = items;

    /// <inheritdoc />
    public int Count => _items.Length;

    /// <inheritdoc />
    public T this[int index] => _items[index];

    /// <inheritdoc />
    public bool Equals(ContractList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ContractList<T>);

    /// <inheritdoc />
    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);

    /// <inheritdoc />
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <c>[a, b]</c> a <see cref="ContractList{T}"/>.</summary>
public static class ContractList
{
    /// <summary>The list of the given items, in their order.</summary>
    public static ContractList<T> Create<T>(ReadOnlySpan<T> items)
        where T : class => new([.. items]);
}
