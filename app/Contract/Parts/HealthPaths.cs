namespace Candor.Contract;

/// <summary>The public health paths, all on <see cref="HealthContract.Port"/>. Each starts with <c>/</c>, and no two are equal.</summary>
public sealed record HealthPaths
{
    /// <summary>Answers whether the process should be restarted; evaluates no dependency. Default <c>/healthz</c> (article 2).</summary>
    public string Liveness { get; init; } = "/healthz";

    /// <summary>Answers whether the instance should get traffic; the deep check. Default <c>/health</c> (article 2).</summary>
    public string Readiness { get; init; } = "/health";

    /// <summary>Answers whether every start-up task has ended. Default <c>/startupz</c>.</summary>
    public string Startup { get; init; } = "/startupz";
}
