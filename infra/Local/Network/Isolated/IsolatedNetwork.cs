using System.Globalization;
using System.Net;

namespace Candor.Local;

/// <summary>
/// Every pod in a network namespace of its own, joined by a router namespace whose nftables rules are the Plan's flows. The
/// machine's own rules are not touched: it only gets one interface more, for as long as the run lasts.
/// </summary>
/// <remarks>
/// Addresses are 10.222.x.0/24, x being the run's block: .1 the kubelet, .2 the balancer, .254 the router, from .10 on the pods.
/// </remarks>
internal sealed class IsolatedNetwork(StateFolder state, int block) : IDisposable
{
    private const int FirstPod = 10;
    private const int LastPod = 250;
    private readonly Dictionary<string, (WorkloadSpec Workload, IPAddress Address)> _pods = new(StringComparer.Ordinal);
    private readonly HashSet<int> _taken = [];
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The flows that are let through; asked whenever a pod comes or goes.</summary>
    public Func<IReadOnlyCollection<(WorkloadSpec Workload, IPAddress Address)>, IReadOnlyList<string>> Rules { get; set; } = _ => [];

    /// <summary>Where the kubelet's probes come from.</summary>
    public IPAddress Kubelet => Address(1);

    /// <summary>Where the balancer's requests and checks come from.</summary>
    public IPAddress BalancerSource => Address(2);

    /// <summary>Where every connection is refused at once, as that to a Service without pods is in a cluster.</summary>
    public IPAddress Refusing => RouterAddress;

    private IPAddress RouterAddress => Address(254);

    private string Prefix => state.NamespacePrefix;

    private string RouterName => Prefix + "router";

    private string HostInterface => string.Create(CultureInfo.InvariantCulture, $"candor{block}");

    /// <summary>Removes whatever an earlier run of the folder left behind.</summary>
    public static async Task CleanAsync(StateFolder state, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || !Directory.Exists("/run/netns"))
        {
            return;
        }

        foreach (var name in Directory.EnumerateFileSystemEntries(
            "/run/netns", state.NamespacePrefix + "*").Select(Path.GetFileName).OfType<string>())
        {
            await IpTool.TryAsync(["netns", "del", name], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the router and the machine's way to it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CleanAsync(state, cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["netns", "add", RouterName], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["link", "add", HostInterface, "type", "veth", "peer", "name", "up0", "netns", RouterName], cancellationToken)
            .ConfigureAwait(false);
        await IpTool.RunAsync(["addr", "add", $"{Kubelet}/32", "dev", HostInterface], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["addr", "add", $"{BalancerSource}/32", "dev", HostInterface], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["link", "set", HostInterface, "up"], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["route", "add", $"{RouterAddress}/32", "dev", HostInterface, "src", $"{Kubelet}"], cancellationToken)
            .ConfigureAwait(false);
        await IpTool.RunAsync(
            ["route", "add", $"{Address(0)}/24", "via", $"{RouterAddress}", "dev", HostInterface, "src", $"{Kubelet}"], cancellationToken)
            .ConfigureAwait(false);
        await RouterAsync(["link", "set", "lo", "up"], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["addr", "add", $"{RouterAddress}/32", "dev", "up0"], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["link", "set", "up0", "up"], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["route", "add", $"{Kubelet}/32", "dev", "up0"], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["route", "add", $"{BalancerSource}/32", "dev", "up0"], cancellationToken).ConfigureAwait(false);
        // By default only one refusal a second is answered, and the others would look silent.
        const string Settings = "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit";
        await IpTool.InNamespaceAsync(RouterName, "/bin/sh", ["-c", Settings], null, cancellationToken).ConfigureAwait(false);
        // Nothing beyond the run can be reached from a pod; a name server's question is refused below, so it needs a way there.
        await RouterAsync(
            ["route", "add", "default", "via", $"{Kubelet}", "dev", "up0", "onlink"], cancellationToken).ConfigureAwait(false);
        await ApplyRulesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An address that no pod has.</summary>
    /// <exception cref="LocalException">All are taken.</exception>
    public IPAddress NextAddress()
    {
        lock (_taken)
        {
            var number = Enumerable.Range(FirstPod, LastPod - FirstPod).FirstOrDefault(n => !_taken.Contains(n));
            if (number == 0)
            {
                throw new LocalException($"More than {LastPod - FirstPod} pods cannot run with --isolated.");
            }

            _taken.Add(number);
            return Address(number);
        }
    }

    /// <summary>Path of a pod's namespace.</summary>
    public string PathOf(IPAddress address) => $"/run/netns/{NameOf(address)}";

    /// <summary>Makes a pod's namespace, unless it has one, and lets its flows through.</summary>
    public async Task JoinAsync(string pod, WorkloadSpec workload, IPAddress address, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_pods.TryAdd(pod, (workload, address)))
            {
                await CreateAsync(address, cancellationToken).ConfigureAwait(false);
                await ApplyRulesAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes a pod's namespace.</summary>
    public async Task LeaveAsync(string pod, bool keepAddress)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_pods.Remove(pod, out var entry))
            {
                await IpTool.TryAsync(["netns", "del", NameOf(entry.Address)], CancellationToken.None).ConfigureAwait(false);
                if (!keepAddress)
                {
                    lock (_taken)
                    {
                        _taken.Remove(entry.Address.GetAddressBytes()[3]);
                    }
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Admits what the current rules allow.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ApplyRulesAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    private IPAddress Address(int last) => new([10, 222, (byte)block, (byte)last]);

    private string NameOf(IPAddress address) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{address.GetAddressBytes()[3]}");

    private async Task CreateAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var name = NameOf(address);
        var link = string.Create(CultureInfo.InvariantCulture, $"p{address.GetAddressBytes()[3]}");
        await IpTool.RunAsync(["netns", "add", name], cancellationToken).ConfigureAwait(false);
        await RouterAsync(
            ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["addr", "add", $"{RouterAddress}/32", "dev", link], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["link", "set", link, "up"], cancellationToken).ConfigureAwait(false);
        await RouterAsync(["route", "add", $"{address}/32", "dev", link], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["-n", name, "link", "set", "lo", "up"], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["-n", name, "addr", "add", $"{address}/32", "dev", "eth0"], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(["-n", name, "link", "set", "eth0", "up"], cancellationToken).ConfigureAwait(false);
        await IpTool.RunAsync(
            ["-n", name, "route", "add", "default", "via", $"{RouterAddress}", "dev", "eth0", "onlink"], cancellationToken)
            .ConfigureAwait(false);
    }

    private Task RouterAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        IpTool.RunAsync(["-n", RouterName, .. arguments], cancellationToken);

    /// <summary>All at once, so that there is no moment without rules. What is not admitted is dropped silently.</summary>
    private async Task ApplyRulesAsync(CancellationToken cancellationToken)
    {
        var rules = $$"""
            table inet candor
            delete table inet candor
            table inet candor {
                chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state established,related accept
                    ip saddr {{Kubelet}} accept
                    meta l4proto { tcp, udp } th dport 53 reject
            {{string.Concat(Rules([.. _pods.Values]).Select(rule => $"        {rule}\n"))}}
                }
            }

            """;
        await IpTool.InNamespaceAsync(RouterName, SystemPrograms.Require("nft"), ["-f", "-"], rules, cancellationToken)
            .ConfigureAwait(false);
    }
}
