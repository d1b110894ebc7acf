using Candor.Contract;

namespace Candor.Health.Serving;

/// <summary>The public health paths.</summary>
internal enum HealthPath
{
    /// <summary>Not one of them.</summary>
    None,

    /// <summary>Should the process be restarted?</summary>
    Liveness,

    /// <summary>Should it get traffic?</summary>
    Readiness,

    /// <summary>Has it started?</summary>
    Startup,
}

/// <summary>Recognises the contract's paths.</summary>
internal static class HealthPathMatch
{
    public static HealthPath Of(HealthPaths paths, ReadOnlySpan<char> path) =>
        path.Equals(paths.Readiness, StringComparison.OrdinalIgnoreCase) ? HealthPath.Readiness
        : path.Equals(paths.Liveness, StringComparison.OrdinalIgnoreCase) ? HealthPath.Liveness
        : path.Equals(paths.Startup, StringComparison.OrdinalIgnoreCase) ? HealthPath.Startup
        : HealthPath.None;
}
