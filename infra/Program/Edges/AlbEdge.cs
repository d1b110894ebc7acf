using Candor.Program.Alarms;
using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Candor.Program.Providers;
using Candor.Program.SecurityGroups;
using Candor.Program.Workload;
using Pulumi;

namespace Candor.Program.Edges;

/// <summary>The public side on AWS: security groups, ALB, alarms.</summary>
internal sealed class AlbEdge : IPublicEdge
{
    private readonly StackConfig _config;
    private readonly StackProviders _providers;
    private readonly PublicBalancer _balancer;

    public AlbEdge(StackConfig config, Network network, StackProviders providers, WorkloadSpace space)
    {
        (_config, _providers) = (config, providers);
        Groups = new StackSecurityGroups(config, network, providers);
        var attached = config.Network.PodSecurityGroups ? new PodGroups(config, Groups, providers, space).Resources : [];
        _balancer = new PublicBalancer(config, network, providers, Groups);
        Attachment = new AlbAttachment(config, _balancer, attached);
    }

    public IBalancerAttachment Attachment { get; }

    public Output<string> Url => _balancer.Url;

    public Output<string> TargetGroupArn => _balancer.TargetGroups[_config.Main.Name].Arn;

    public StackSecurityGroups Groups { get; }

    public void Complete(IReadOnlyList<ServiceWorkload> workloads) => _ = new StackAlarms(_config, _balancer, _providers.Aws!);
}
