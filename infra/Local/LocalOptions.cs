using System.Net;

namespace Candor.Local;

/// <summary>How a Plan is realised on this machine.</summary>
public sealed record LocalOptions
{
    /// <summary>
    /// The folder of everything that a run keeps: data, logs, state, the control socket. Normally <c>.candor</c> in the repository.
    /// </summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The programs that stand for the Plan's images, by the image's repository (<c>registry.example/candor/orders</c> for
    /// <c>registry.example/candor/orders:1.2</c>) or by the last part of it (<c>orders</c>). PostgreSQL, Redis and RabbitMQ are found by
    /// themselves unless a program here takes their place.
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

    /// <summary>The port of the status page at 127.0.0.1, or null for none. Default null; <c>candor up</c> takes 8001.</summary>
    public int? Page { get; init; }

    /// <summary>
    /// Whether the run ends when the page's port is in use; otherwise it continues without the page and reports that. Default false.
    /// </summary>
    public bool PageRequired { get; init; }

    /// <summary>
    /// Explains why the probe of a URL fails, for the page: given the URL, the prober's timeout and its expected codes, an
    /// explanation in text. Null for none.
    /// </summary>
    public Func<Uri, TimeSpan, string, CancellationToken, Task<string>>? Doctor { get; init; }

    /// <summary>Who says what is wrong with this stack as a whole, for the page, as an answer for people. Null for nobody.</summary>
    public Func<CancellationToken, Task<string>>? StackDoctor { get; init; }

    /// <summary>Who makes faults on this stack when the page asks for them. Null for nobody. The stack disposes of it at its end.</summary>
    public IStackFaults? Faults { get; init; }

    /// <summary>Whether the page only shows. Default false.</summary>
    public bool PageReadOnly { get; init; }

    /// <summary>The stack's name as the verbs show it.</summary>
    public string Stack { get; init; } = "dev";
}

/// <summary>The built program of an image of one's own.</summary>
/// <param name="Assembly">
/// Path of its entry assembly (<c>Candor.Orders.dll</c>), or of an executable script that starts it. Its whole folder is copied before it
/// runs, as an image is immutable: a build while the stack runs changes nothing until the next <c>up</c>, which then rolls the new version
/// out.
/// </param>
public sealed record LocalProgram(string Assembly)
{
    /// <summary>
    /// The command line that stands for the image instead, for what is not .NET; null for an assembly. <c>{address}</c>, <c>{port}</c>,
    /// <c>{port:name}</c> and <c>{data}</c> in it become the pod's address, its first port, its port of that name, and a folder of its own.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>The user that the command runs as where the supervisor is root; null for root itself.</summary>
    public string? User { get; init; }

    /// <summary>A program that is a command line.</summary>
    public static LocalProgram ByCommand(string command, string? user = null) => new(string.Empty) { Command = command, User = user };
}
