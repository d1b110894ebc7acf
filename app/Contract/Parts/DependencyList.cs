using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Candor.Contract;

/// <summary>An immutable list of dependencies that compares by content, so that contracts do too.</summary>
[CollectionBuilder(typeof(DependencyListBuilder), nameof(DependencyListBuilder.Create))]
public sealed class DependencyList : IReadOnlyList<Dependency>, IEquatable<DependencyList>
{
    private readonly ImmutableArray<Dependency> _items;

    internal DependencyList(ImmutableArray<Dependency> items) => _items = items;

    /// <inheritdoc />
    public int Count => _items.Length;

    /// <inheritdoc />
    public Dependency this[int index] => _items[index];

    /// <inheritdoc />
    public bool Equals(DependencyList? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as DependencyList);

    /// <inheritdoc />
    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);

    /// <inheritdoc />
    public IEnumerator<Dependency> GetEnumerator() => ((IEnumerable<Dependency>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <c>[a, b]</c> a <see cref="DependencyList"/>.</summary>
public static class DependencyListBuilder
{
    /// <summary>The list of the given dependencies, in their order.</summary>
    public static DependencyList Create(ReadOnlySpan<Dependency> items) => new([.. items]);
}
