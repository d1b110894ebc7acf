using System.Globalization;
using System.Net;

namespace Candor.Local;

/// <summary>The Plan's open flows as nftables rules.</summary>
internal static class FlowRules
{
    /// <summary>One rule a flow; what has no rule is dropped.</summary>
    public static IReadOnlyList<string> Of(
        IReadOnlyCollection<(WorkloadSpec Workload, IPAddress Address)> pods, Reachability reach, IPAddress balancer)
    {
        var rules = new List<string>();
        var workloads = pods.GroupBy(pod => $"{pod.Workload.Namespace}/{pod.Workload.Kind}/{pod.Workload.Name}").ToList();
        foreach (var target in workloads)
        {
            var spec = target.First().Workload;
            foreach (var port in spec.Template.Container.Ports.Values.Distinct())
            {
                if (reach.FromBalancer(spec, port).IsOpen)
                {
                    rules.Add(Rule($"{balancer}", target, port));
                }

                foreach (var source in workloads.Where(source => source.Key != target.Key && reach.Between(
                    source.First().Workload, spec, port).IsOpen))
                {
                    rules.Add(Rule(Set(source), target, port));
                }
            }
        }

        return rules;
    }

    private static string Rule(string from, IEnumerable<(WorkloadSpec Workload, IPAddress Address)> to, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"ip saddr {from} ip daddr {Set(to)} tcp dport {port} accept");

    private static string Set(IEnumerable<(WorkloadSpec Workload, IPAddress Address)> pods) =>
        $"{{ {string.Join(", ", pods.Select(pod => pod.Address))} }}";
}
