using System.Security.Cryptography;
using System.Text;

namespace Candor.Orders.Storage;

/// <summary>A valid order that is not stored yet.</summary>
/// <param name="Item">What is ordered.</param>
/// <param name="Quantity">How many.</param>
public sealed record NewOrder(string Item, int Quantity)
{
    /// <summary>SHA-256 of what was meant, so that white space in the body does not make it another order.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Quantity}:{Item}"));
}
