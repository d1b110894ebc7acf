using System.Net;

namespace Candor.Local;

/// <summary>How a Plan is realised on this machine.</summary>
public sealed record LocalOptions
{
    /// <summary>The folder of everything that a run keeps: data, logs, state, the control socket. Normally <c>.candor</c> in the repository.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The programs that stand for the Plan's images of one's own, by the last part of the image's repository name
    /// (<c>orders</c> for <c>registry.example/candor/orders:1.2</c>). PostgreSQL, Redis and RabbitMQ are found by themselves.
    /// </summary>
    public IReadOnlyDictionary<string, LocalProgram> Programs { get; init; } = new Dictionary<string, LocalProgram>();

    /// <summary>Where the balancer listens. Default 127.0.0.1:8000.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8000);

    /// <summary>What every duration of the contract, the Plan and Kubernetes' own constants is divided by. 1 or more, default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Whether every pod gets its own network namespace and the rules are nftables rules. Needs root. Default false.</summary>
    public bool Isolated { get; init; }

    /// <summary>Whether Prometheus, its blackbox exporter and Alertmanager run too. Default false.</summary>
    public bool Monitoring { get; init; }

    /// <summary>The stack's name as the verbs show it.</summary>
    public string Stack { get; init; } = "dev";
}

/// <summary>The built program of an image of one's own.</summary>
/// <param name="Assembly">
/// Path of its entry assembly (<c>Candor.Orders.dll</c>), or of an executable script that starts it. Its whole folder is copied before it runs, as an image is immutable: a
/// build while the stack runs changes nothing until the next <c>up</c>, which then rolls the new version out.
/// </param>
public sealed record LocalProgram(string Assembly);
