using Candor.Health.State;

namespace Candor.Health.Serving;

/// <summary>The query of the readiness path. An unknown scope is an error, so that a prober does not get the answer of another scope.</summary>
internal static class ScopeQuery
{
    private const string Key = "scope=";

    /// <summary>The scope asked for; null when it is not one.</summary>
    public static Scope? Of(ReadOnlySpan<char> query)
    {
        foreach (var range in query.TrimStart('?').Split('&'))
        {
            var pair = query.TrimStart('?')[range];
            if (pair.StartsWith(Key, StringComparison.OrdinalIgnoreCase))
            {
                return pair[Key.Length..].Equals("local", StringComparison.OrdinalIgnoreCase) ? Scope.Local : null;
            }
        }

        return Scope.Full;
    }
}
