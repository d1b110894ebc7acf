using System.Globalization;
using Candor.Local;

namespace Candor.Chaos.Injection;

/// <summary>The network between the replicas and a dependency does something else.</summary>
/// <param name="To">The dependency's Service.</param>
/// <param name="Mode">What it does.</param>
/// <param name="Every">For every replica, or for the victim alone.</param>
/// <param name="DelaySeconds">How late, in the contract's time.</param>
/// <param name="Share">How often, 0 to 1.</param>
internal sealed record Link(string To, LinkMode Mode, bool Every = true, double DelaySeconds = 0, double Share = 0) : Inject
{
    private static readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal) { ["database"] = 5432, ["cache"] = 6379, ["queue"] = 5672 };

    public override string Undone => "the network passes everything on";

    public override string? Impossible(Site site) =>
        !site.Isolated ? null
        : SystemPrograms.Find("nft") is null ? "nft is not installed (apt-get install nftables)"
        : Mode == LinkMode.Slow ? "a slow network in the pods' own networks needs the kernel's netem; run it without --isolated"
        : null;

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        if (!site.Isolated)
        {
            await site.Client.SetLinkAsync(Every ? site.Service : site.Victim, To, new(Mode, site.Scaled(TimeSpan.FromSeconds(DelaySeconds)), Share), cancellationToken);
            return;
        }

        foreach (var pod in await site.TargetsAsync(Every, cancellationToken))
        {
            await site.RememberAsync(pod.Name, pod.ProcessId!.Value.ToString(CultureInfo.InvariantCulture));
            await NftAsync(pod.ProcessId.Value, await RulesAsync(pod, cancellationToken), cancellationToken);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if (!site.Isolated)
        {
            await site.Client.SetLinkAsync(Every ? site.Service : site.Victim, To, new(LinkMode.Open), cancellationToken);
            return;
        }

        foreach (var process in site.Memory.Values.Select(value => int.Parse(value, CultureInfo.InvariantCulture)).Where(pid => ProcFs.StartTime(pid) is not null))
        {
            await NftAsync(process, $"add table inet {Table}; delete table inet {Table}", cancellationToken);
        }
    }

    private string Table => $"candor_chaos_{To}";

    private async Task<string> RulesAsync(LocalPod pod, CancellationToken cancellationToken)
    {
        var port = _ports[To];
        var hundredth = ((int)Math.Round(Share * 100)).ToString(CultureInfo.InvariantCulture);
        var rules = Mode switch
        {
            LinkMode.Silent => [$"out tcp dport {port} drop", $"in tcp sport {port} drop"],
            LinkMode.Refused => [$"out tcp dport {port} reject with tcp reset"],
            LinkMode.OneWay => [$"in tcp sport {port} drop"],
            LinkMode.Resetting => [$"out tcp dport {port} numgen random mod 100 < {hundredth} reject with tcp reset"],
            LinkMode.HalfOpen => await OpenConnectionsAsync(pod, port, cancellationToken),
            _ => Array.Empty<string>(),
        };
        return $"add table inet {Table}; "
            + $"add chain inet {Table} out {{ type filter hook output priority 10; }}; add chain inet {Table} in {{ type filter hook input priority 10; }}; "
            + string.Concat(rules.Select(rule => $"add rule inet {Table} {rule}; "));
    }

    /// <summary>A rule for each connection that is open now.</summary>
    private static async Task<string[]> OpenConnectionsAsync(LocalPod pod, int port, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{pod.ProcessId}/net/tcp", cancellationToken);
        var local = lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => int.Parse(fields[2].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
            .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return [.. local.SelectMany(own => new[] { $"out tcp sport {own} tcp dport {port} drop", $"in tcp sport {port} tcp dport {own} drop" })];
    }

    private static Task<string> NftAsync(int process, string rules, CancellationToken cancellationToken) =>
        HostCommand.RunAsync("nsenter", [$"--net=/proc/{process}/ns/net", SystemPrograms.Require("nft"), rules], cancellationToken);
}

/// <summary>Some of the packets that open a connection to a replica's port are lost: probes and users alike.</summary>
/// <param name="Percent">How many of a hundred.</param>
internal sealed record ProbeLoss(int Percent) : Inject
{
    public override string Undone => "the rule is removed";

    public override bool OutlivesStack => true;

    public override string? Impossible(Site site) =>
        !Environment.IsPrivilegedProcess ? "needs root" : SystemPrograms.Find("nft") is null ? "nft is not installed (apt-get install nftables)" : null;

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var table = $"candor_chaos_{Environment.ProcessId}";
        await site.RememberAsync("table", table);
        var pods = await site.ReplicasAsync(cancellationToken);
        var rules = pods.Select(pod => string.Create(
            CultureInfo.InvariantCulture,
            $"add rule inet {table} input ip daddr {pod.Address} tcp dport {pod.Ports["http"]} tcp flags syn numgen random mod 100 < {Percent} reject with tcp reset; "));
        await HostCommand.RunAsync("nft", [$"add table inet {table}; add chain inet {table} input {{ type filter hook input priority 0; }}; {string.Concat(rules)}"], cancellationToken);
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken)
    {
        if (site.Remembered("table") is { } table)
        {
            await HostCommand.RunAsync("nft", [$"add table inet {table}; delete table inet {table}"], cancellationToken);
        }
    }
}

/// <summary>A program of the machine, run to its end.</summary>
internal static class HostCommand
{
    /// <exception cref="LocalException">It is missing or refused.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStart { Program = SystemPrograms.Require(program), Arguments = arguments, Environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath } };
        var (exitCode, output) = await Command.RunAsync(start, null, cancellationToken);
        return exitCode == 0 ? output : throw new LocalException($"{program} refused: {output.Trim()}");
    }
}
