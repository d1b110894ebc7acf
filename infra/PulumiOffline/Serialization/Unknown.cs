namespace Pulumi.Serialization;

/// <summary>Stands for a value that is not known yet, and for a secret, in serialized inputs.</summary>
internal sealed class Unknown
{
    public const string Sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    public static readonly Unknown Value = new();

    private Unknown()
    {
    }
}

/// <summary>A serialized value with what is known of it: the mocks see neither unknowns nor marks of secrecy.</summary>
internal readonly record struct Plain(object? Value, bool IsKnown, bool IsSecret);
