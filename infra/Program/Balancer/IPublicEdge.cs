using Candor.Program.SecurityGroups;
using Candor.Program.Workload;
using Pulumi;

namespace Candor.Program.Balancer;

/// <summary>The public side of the stack, whichever balancer it is.</summary>
public interface IPublicEdge
{
    /// <summary>How a service gets behind it.</summary>
    IBalancerAttachment Attachment { get; }

    /// <summary>Where users reach the main service.</summary>
    Output<string> Url { get; }

    /// <summary>The target group of the main service; empty where the balancer has none.</summary>
    Output<string> TargetGroupArn { get; }

    /// <summary>The security groups, or null where the balancer is none of AWS.</summary>
    StackSecurityGroups? Groups { get; }

    /// <summary>Makes what needs the services to be there, and what watches them from the balancer's side.</summary>
    void Complete(IReadOnlyList<ServiceWorkload> workloads);
}
