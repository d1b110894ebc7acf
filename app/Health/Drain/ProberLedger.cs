using System.Net;
using Candor.Contract;

namespace Candor.Health.Drain;

/// <summary>
/// The probers of readiness, and how often each got "draining": an instance may stop once every prober has got it often
/// enough to stop sending.
/// </summary>
/// <remarks>A prober is an address and a user agent: balancer nodes have addresses of their own, the kubelet is recognised by its agent.</remarks>
internal sealed class ProberLedger(HealthContract contract, TimeProvider time)
{
    private const int Limit = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<(IPAddress? Address, string Agent), Prober> _probers = [];

    /// <summary>A prober was answered.</summary>
    /// <param name="address">Where it asks from.</param>
    /// <param name="agent">Its User-Agent header, null when it sends none.</param>
    /// <param name="draining">True when the answer was "draining".</param>
    public void RecordProbe(IPAddress? address, string? agent, bool draining)
    {
        agent ??= "";
        lock (_gate)
        {
            if (!_probers.TryGetValue((address, agent), out var prober))
            {
                if (_probers.Count >= Limit)
                {
                    Forget();
                }

                _probers[(address, agent)] = prober = new();
            }

            prober.LastSeen = time.GetTimestamp();
            prober.Notified += draining ? 1 : 0;
        }
    }

    /// <summary>How often each prober that still asks was notified. One that has been silent for longer than its probes' spacing is gone.</summary>
    public IReadOnlyList<ProberView> Probers
    {
        get
        {
            lock (_gate)
            {
                return [.. _probers.Where(pair => IsPresent(pair.Value)).Select(pair => new ProberView(TextOf(pair.Key.Address), pair.Key.Agent, pair.Value.Notified, Needed(pair.Key.Agent)))];
            }
        }
    }

    /// <summary>True when there is a prober and each got "draining" often enough.</summary>
    public bool AllNotified
    {
        get
        {
            var probers = Probers;
            return probers.Count > 0 && probers.All(prober => prober.Notified >= prober.Needed);
        }
    }

    private static string TextOf(IPAddress? address) =>
        address is null ? "unknown" : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : address.ToString();

    private bool IsPresent(Prober prober) => time.GetElapsedTime(prober.LastSeen) <= Spacing * (Math.Max(contract.Balancer.UnhealthyThreshold, contract.Readiness.FailureThreshold) + 1);

    private TimeSpan Spacing => contract.Balancer.Interval > contract.Readiness.Period ? contract.Balancer.Interval : contract.Readiness.Period;

    private int Needed(string agent) => IsKubelet(agent) ? contract.Readiness.FailureThreshold : contract.Balancer.UnhealthyThreshold;

    private static bool IsKubelet(string agent) => agent.StartsWith("kube-probe/", StringComparison.Ordinal);

    private void Forget()
    {
        foreach (var key in _probers.Where(pair => !IsPresent(pair.Value)).Select(pair => pair.Key).ToList())
        {
            _probers.Remove(key);
        }

        if (_probers.Count >= Limit)
        {
            _probers.Remove(_probers.MinBy(pair => pair.Value.LastSeen).Key);
        }
    }

    private sealed class Prober
    {
        public long LastSeen { get; set; }

        public int Notified { get; set; }
    }
}

/// <summary>A prober as <c>GET /drain</c> shows it.</summary>
/// <param name="Address">Where it asks from.</param>
/// <param name="Agent">Its user agent.</param>
/// <param name="Notified">How often it got "draining".</param>
/// <param name="Needed">How often it must hear it before it stops sending.</param>
internal sealed record ProberView(string Address, string Agent, int Notified, int Needed);
