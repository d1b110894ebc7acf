using System.Diagnostics.CodeAnalysis;

namespace Pulumi;

/// <summary>A union whose types are not known to the caller.</summary>
internal interface IUnion
{
    object Value { get; }
}

/// <summary>A value of one of two types.</summary>
public readonly struct Union<T0, T1> : IEquatable<Union<T0, T1>>, IUnion
{
    private readonly T0 value0;
    private readonly T1 value1;

    private Union(T0 value0, T1 value1, bool isT1)
    {
        this.value0 = value0;
        this.value1 = value1;
        IsT1 = isT1;
    }

    /// <summary>The value as the first type; an error if it is of the second.</summary>
    public T0 AsT0 => IsT0 ? value0 : throw new InvalidOperationException("Cannot return as T0 as result is T1");

    /// <summary>The value as the second type; an error if it is of the first.</summary>
    public T1 AsT1 => IsT1 ? value1 : throw new InvalidOperationException("Cannot return as T1 as result is T0");

    /// <summary>Whether the value is of the first type.</summary>
    public bool IsT0 => !IsT1;

    /// <summary>Whether the value is of the second type.</summary>
    public bool IsT1 { get; }

    /// <summary>The value, whatever its type.</summary>
    public object Value => IsT0 ? value0! : value1!;

    /// <summary>A value of the first type.</summary>
    public static Union<T0, T1> FromT0(T0 input) => new(input, default!, isT1: false);

    /// <summary>A value of the second type.</summary>
    public static Union<T0, T1> FromT1(T1 input) => new(default!, input, isT1: true);

    /// <summary>A value of the first type.</summary>
    public static implicit operator Union<T0, T1>(T0 t) => FromT0(t);

    /// <summary>A value of the second type.</summary>
    public static implicit operator Union<T0, T1>(T1 t) => FromT1(t);

    /// <summary>Whether both hold the same value of the same type.</summary>
    public static bool operator ==(Union<T0, T1> left, Union<T0, T1> right) => left.Equals(right);

    /// <summary>Whether they differ in value or type.</summary>
    public static bool operator !=(Union<T0, T1> left, Union<T0, T1> right) => !left.Equals(right);

    /// <summary>Transforms the first type.</summary>
    public Union<TResult, T1> MapT0<TResult>(Func<T0, TResult> mapFunc) => Match<Union<TResult, T1>>(v => mapFunc(v), v => v);

    /// <summary>Transforms the second type.</summary>
    public Union<T0, TResult> MapT1<TResult>(Func<T1, TResult> mapFunc) => Match<Union<T0, TResult>>(v => v, v => mapFunc(v));

    /// <summary>Transforms either type.</summary>
    public Union<TResult0, TResult1> Bimap<TResult0, TResult1>(Func<T0, TResult0> mapFunc0, Func<T1, TResult1> mapFunc1)
        => Match<Union<TResult0, TResult1>>(v => mapFunc0(v), v => mapFunc1(v));

    /// <summary>One result from either type.</summary>
    public TResult Match<TResult>(Func<T0, TResult> f0, Func<T1, TResult> f1) => IsT0 ? f0(value0) : f1(value1);

    /// <summary>Does one of two things.</summary>
    public void Switch(Action<T0> f0, Action<T1> f1)
    {
        if (IsT0)
        {
            f0(value0);
        }
        else
        {
            f1(value1);
        }
    }

    /// <summary>The value of the first type, if it is of that type.</summary>
    public bool TryPickT0([MaybeNullWhen(false)] out T0 value, [MaybeNullWhen(true)] out T1 remainder)
    {
        (value, remainder) = (value0, value1);
        return IsT0;
    }

    /// <summary>The value of the second type, if it is of that type.</summary>
    public bool TryPickT1([MaybeNullWhen(false)] out T1 value, [MaybeNullWhen(true)] out T0 remainder)
    {
        (value, remainder) = (value1, value0);
        return IsT1;
    }

    /// <inheritdoc/>
    public bool Equals(Union<T0, T1> other)
        => IsT1 == other.IsT1
            && EqualityComparer<T0>.Default.Equals(value0, other.value0)
            && EqualityComparer<T1>.Default.Equals(value1, other.value1);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Union<T0, T1> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsT1, value0, value1);

    /// <summary>The type and the value.</summary>
    public override string ToString() => Value is { } v ? $"{v.GetType().FullName}: {v}" : "";
}
