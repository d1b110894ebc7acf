namespace Candor.Orders.Storage;

/// <summary>What a client calls one attempt by, so that it may repeat it: 1 to 255 visible ASCII characters.</summary>
/// <param name="Value">The key as sent in the <c>Idempotency-Key</c> header.</param>
public sealed record IdempotencyKey(string Value)
{
    /// <summary>The longest key.</summary>
    public const int MaximumLength = 255;

    /// <summary>Whether <paramref name="value"/> can be a key.</summary>
    public static bool IsValid(string value) =>
        value.Length is > 0 and <= MaximumLength && value.All(c => c is > ' ' and <= '~');
}
