using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Watchdog;

/// <summary>Marks the process's own canary requests, so that they do not count as users'. Random, for nobody else to use.</summary>
internal sealed class CanaryToken
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "Candor-Canary";

    /// <summary>Its value, new in every process.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(32);

    public bool IsOn(IHeaderDictionary headers) => headers.TryGetValue(Header, out var value) && value == Value;
}
