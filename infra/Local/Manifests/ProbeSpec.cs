namespace Candor.Local;

/// <summary>What a probe does.</summary>
internal abstract record ProbeAction
{
    /// <summary>GET a path of the pod; 200–399 passes.</summary>
    public sealed record Http(int Port, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers) : ProbeAction;

    /// <summary>Open a connection.</summary>
    public sealed record Tcp(int Port) : ProbeAction;

    /// <summary>Run a command in the container; exit code 0 passes.</summary>
    public sealed record Exec(IReadOnlyList<string> Command) : ProbeAction;

    /// <summary>What it looks at, for messages.</summary>
    public string Describe() => this switch
    {
        Http http => $"GET :{http.Port}{http.Path}",
        Tcp tcp => $"connect :{tcp.Port}",
        Exec exec => string.Join(' ', exec.Command),
        _ => GetType().Name,
    };
}

/// <summary>One probe with Kubernetes' defaults where the Plan sets nothing; durations already divided by the speed.</summary>
internal sealed record ProbeSpec
{
    public required ProbeAction Action { get; init; }

    public TimeSpan InitialDelay { get; init; } = TimeSpan.Zero;

    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    public int SuccessThreshold { get; init; } = 1;

    public int FailureThreshold { get; init; } = 3;
}
