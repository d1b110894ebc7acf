using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Candor.Program.SecurityGroups;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Aws.WafV2;

namespace Candor.Program.Balancer;

/// <summary>The Application Load Balancer: its listeners, one target group per service, the certificate and the DNS record.</summary>
public sealed class PublicBalancer : StackComponent
{
    /// <summary>Makes the balancer of the stack.</summary>
    public PublicBalancer(StackConfig config, Network network, StackProviders providers, StackSecurityGroups groups)
        : base("balancer:PublicBalancer", "balancer", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(groups);
        var scope = new Scope(providers.Aws!, this);
        LoadBalancer = new LoadBalancer("balancer", Settings(config, network, groups), scope.Protected(config.IsProduction));
        TargetGroups = config.Services.ToDictionary(
            service => service.Name,
            service => HealthTargetGroup.Make(service, config.Edge, network, scope, config.IsProduction));
        if (config.Edge.WebAclArn is { } acl)
        {
            _ = new WebAclAssociation("balancer", new() { ResourceArn = LoadBalancer.Arn, WebAclArn = acl }, scope.Options());
        }

        var zone = config.Edge.Zone is { } name ? HostedZone.Find(name, providers) : null;
        var certificate = CertificateOf(config.Edge, zone, scope);
        Listeners = new StackListeners(config, LoadBalancer, certificate, TargetGroups, scope);
        if (zone is not null && config.Edge.Domain is { } domain)
        {
            HostedZone.PointAt(domain, zone, LoadBalancer, scope);
        }

        var scheme = certificate is null ? "http" : "https";
        Url = config.Edge.Domain is { } host
            ? Output.Create($"{scheme}://{host}/")
            : LoadBalancer.DnsName.Apply(dns => $"{scheme}://{dns}/");
        RegisterOutputs();
    }

    /// <summary>The balancer.</summary>
    public LoadBalancer LoadBalancer { get; }

    /// <summary>The target group of each service, by its name.</summary>
    public IReadOnlyDictionary<string, TargetGroup> TargetGroups { get; }

    /// <summary>The listeners and their rules.</summary>
    public StackListeners Listeners { get; }

    /// <summary>Where users reach the main service.</summary>
    public Output<string> Url { get; }

    private static Input<string>? CertificateOf(EdgeConfig edge, Output<string>? zone, Scope scope) => edge switch
    {
        { CertificateArn: { } arn } => arn,
        { Domain: { } domain } when zone is not null => ValidatedCertificate.Make(domain, zone, scope),
        _ => null,
    };

    private static LoadBalancerArgs Settings(StackConfig config, Network network, StackSecurityGroups groups)
    {
        var edge = config.Edge;
        var args = new LoadBalancerArgs
        {
            LoadBalancerType = "application",
            Internal = edge.Internal,
            IpAddressType = edge.AllowedCidrs.Any(Peer.IsVersion6) ? "dualstack" : "ipv4",
            Subnets = network.BalancerSubnetIds,
            SecurityGroups = { groups.Balancer.Id },
            IdleTimeout = config.Main.Contract.Balancer.IdleTimeout.WholeSeconds(),
            EnableDeletionProtection = edge.DeletionProtection,
            DropInvalidHeaderFields = true,
            DesyncMitigationMode = edge.DesyncMitigation,
            EnableHttp2 = true,
            PreserveHostHeader = false,
            EnableCrossZoneLoadBalancing = true,
        };
        if (edge.AccessLogsBucket is { } bucket)
        {
            args.AccessLogs = new Pulumi.Aws.LB.Inputs.LoadBalancerAccessLogsArgs
            {
                Bucket = bucket,
                Prefix = edge.AccessLogsPrefix!,
                Enabled = true,
            };
        }

        return args;
    }
}
