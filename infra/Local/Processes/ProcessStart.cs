namespace Candor.Local;

/// <summary>How a container's process is started.</summary>
internal sealed record ProcessStart
{
    /// <summary>Full path of the program.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment; nothing is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user to run as when this process is root; null to stay who we are.</summary>
    public string? User { get; init; }

    /// <summary>The signal that it gets when the supervisor exits unexpectedly.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>Path of the network namespace it runs in, or null for the machine's own.</summary>
    public string? NetworkNamespace { get; init; }
}
