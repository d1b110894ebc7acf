using System.Collections.Immutable;
using Candor.Contract;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Pulumi;
using Pulumi.Aws.Ec2;

namespace Candor.Program.SecurityGroups;

/// <summary>
/// Three groups and one described rule resource per flow: the world to the balancer, the balancer to the pods, the pods to their
/// dependencies. Nothing else is open.
/// </summary>
public sealed class StackSecurityGroups : StackComponent
{
    private const int Http = 80;
    private const int Https = 443;
    private const int Dns = 53;

    private readonly Scope _scope;

    /// <summary>Makes the groups and their rules.</summary>
    public StackSecurityGroups(StackConfig config, Network network, StackProviders providers)
        : base("network:SecurityGroups", "security-groups", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(providers);
        _scope = new Scope(providers.Aws!, this);

        Balancer = Group("balancer", "Public side: the load balancer", network);
        Pods = Group("pods", "Pods of the services", network);
        AdmitTheWorld(config.Edge);
        LetTheBalancerReachThePods(config.Services);
        LetThePodsAskDns(network);
        if (config.Dependencies.Mode == DependencyMode.External)
        {
            LetThePodsReachAddresses(config, network, kind => true);
        }
        else
        {
            Dependencies = Group("dependencies", "What the services depend on", network);
            LetThePodsReachDependencies(config, Dependencies);
            LetThePodsReachAddresses(config, network, kind => !DependenciesConfig.Provides(kind));
        }

        RegisterOutputs();
    }

    /// <summary>The load balancer's group.</summary>
    public SecurityGroup Balancer { get; }

    /// <summary>The pods' group.</summary>
    public SecurityGroup Pods { get; }

    /// <summary>The dependencies' group, or null when they are external.</summary>
    public SecurityGroup? Dependencies { get; }

    private void AdmitTheWorld(EdgeConfig edge)
    {
        int[] ports = edge.HasCertificate ? [Http, Https] : [Http];
        foreach (var port in ports)
        {
            var title = port == Https ? "HTTPS" : "HTTP";
            foreach (var (cidr, index) in edge.AllowedCidrs.Select((cidr, index) => (cidr, index)))
            {
                SecurityRules.Ingress(
                    _scope, $"balancer-from-{index}-{port}", Balancer, Peer.Range(cidr), new(port, $"{title} from {cidr}"));
            }

            foreach (var (list, index) in edge.AllowedPrefixLists.Select((list, index) => (list, index)))
            {
                SecurityRules.Ingress(
                    _scope, $"balancer-from-list-{index}-{port}", Balancer, Peer.List(list), new(port, $"{title} from prefix list {list}"));
            }
        }
    }

    private void LetTheBalancerReachThePods(ImmutableArray<ServiceConfig> services)
    {
        foreach (var port in services.Select(service => service.Contract.Port).Distinct())
        {
            SecurityRules.Egress(_scope, $"balancer-to-pods-{port}", Balancer, Pods, new(port, "Traffic and health probes to the pods"));
            SecurityRules.Ingress(
                _scope, $"pods-from-balancer-{port}", Pods, Balancer, new(port, "Traffic and health probes from the balancer"));
        }
    }

    private void LetThePodsAskDns(Network network)
    {
        foreach (var (cidr, index) in network.NodeCidrs.Select((cidr, index) => (cidr, index)))
        {
            foreach (var protocol in new[] { "udp", "tcp" })
            {
                SecurityRules.Egress(
                    _scope, $"pods-to-dns-{index}-{protocol}", Pods, Peer.Range(cidr), new(Dns, $"DNS on the nodes in {cidr}", protocol));
            }
        }
    }

    private void LetThePodsReachDependencies(StackConfig config, SecurityGroup dependencies)
    {
        foreach (var dependency in Dialled(config).Where(dependency => DependenciesConfig.Provides(dependency.Kind)))
        {
            var port = dependency.DialledPort();
            SecurityRules.Egress(
                _scope, $"pods-to-{dependency.Name}", Pods, dependencies, new(port, $"To the dependency {dependency.Name}"));
            SecurityRules.Ingress(
                _scope, $"{dependency.Name}-from-pods", dependencies, Pods, new(port, $"Pods of the services to {dependency.Name}"));
        }
    }

    private void LetThePodsReachAddresses(StackConfig config, Network network, Func<string, bool> outside)
    {
        foreach (var dependency in Dialled(config).Where(dependency => outside(dependency.Kind)))
        {
            foreach (var (cidr, index) in network.DependencyCidrs.Select((cidr, index) => (cidr, index)))
            {
                SecurityRules.Egress(
                    _scope,
                    $"pods-to-{dependency.Name}-{index}",
                    Pods,
                    Peer.Range(cidr),
                    new(dependency.DialledPort(), $"To the dependency {dependency.Name} in {cidr}"));
            }
        }
    }

    private static IEnumerable<Dependency> Dialled(StackConfig config) =>
        config.Services.SelectMany(service => service.Contract.Dependencies)
            .DistinctBy(dependency => (dependency.Name, dependency.DialledPort()));

    // AWS takes no apostrophe in a description, neither of a group nor of a rule.
    private SecurityGroup Group(string name, string description, Network network) => new(
        name,
        new()
        {
            Description = description,
            VpcId = network.VpcId,
            RevokeRulesOnDelete = true,
            Tags = { ["Name"] = $"candor-{Deployment.Instance.StackName}-{name}" },
        },
        _scope.Options());
}
