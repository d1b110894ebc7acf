using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Operations;

/// <summary>
/// Recognises the process's own canary requests, so that they do not count as users', and keeps what became of each. The header's value is random in every
/// process, for nobody else to use.
/// </summary>
internal sealed class CanaryRequests
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "Candor-Canary";

    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RequestResult?> _results = [];
    private int _last;

    /// <summary>A number for the next canary, and the header's value for it.</summary>
    public (int Number, string Value) Begin()
    {
        lock (_gate)
        {
            var number = ++_last;
            _results[number] = null;
            return (number, string.Create(CultureInfo.InvariantCulture, $"{_secret}.{number}"));
        }
    }

    /// <summary>The canary's number, when the request is one.</summary>
    public int? NumberOf(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var values) || values.ToString() is not { } value || value.Length <= _secret.Length)
        {
            return null;
        }

        return value.StartsWith(_secret, StringComparison.Ordinal) && int.TryParse(value.AsSpan(_secret.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>The canary's request has ended in the app.</summary>
    public void End(int number, RequestResult result)
    {
        lock (_gate)
        {
            if (_results.ContainsKey(number))
            {
                _results[number] = result;
            }
        }
    }

    /// <summary>What became of it in the app, null when it has not ended there; it is forgotten afterwards.</summary>
    public RequestResult? Take(int number)
    {
        lock (_gate)
        {
            return _results.Remove(number, out var result) ? result : null;
        }
    }
}
