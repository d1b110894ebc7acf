using System.Security.Cryptography;
using System.Text;

namespace Candor.Contract;

/// <summary>
/// The contract's fingerprint. It stands in every health response's header, in the target group's tags and in the pods'
/// annotations, so that drift between what was deployed and what runs is visible.
/// </summary>
public static class ContractHash
{
    /// <summary>The header of every health response that carries the hash.</summary>
    public const string Header = "Candor-Contract";

    /// <summary>The pod annotation that carries the hash.</summary>
    public const string Annotation = "candor.dev/contract-hash";

    /// <summary>The AWS tag that carries the hash.</summary>
    public const string Tag = "candor:contract-hash";

    /// <summary>The hash of the contract's canonical text.</summary>
    public static string Of(HealthContract contract) => OfText(ContractJson.Serialize(contract));

    /// <summary>
    /// The hash of a text as it was passed on: the first 16 hexadecimal digits of its SHA-256, short enough to compare by eye. Whoever
    /// was given a text hashes that text, not what it understood of it: an image of another version than the stack then says the same.
    /// </summary>
    public static string OfText(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
}
