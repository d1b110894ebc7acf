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

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the canonical JSON: short enough to compare by eye.</summary>
    public static string Of(HealthContract contract) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ContractJson.Serialize(contract))))[..16];
}
