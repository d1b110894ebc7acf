using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Candor.Program.SecurityGroups;

/// <summary>
/// The custom resource of the Amazon VPC CNI that attaches security groups to pods
/// (<see href="https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html">its guide</see>).
/// </summary>
public sealed class SecurityGroupPolicy(string name, SecurityGroupPolicyArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="SecurityGroupPolicy"/>.</summary>
public sealed class SecurityGroupPolicyArgs() : CustomResourceArgs("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy")
{
    /// <summary>Which groups for which pods.</summary>
    [Input("spec", required: true)]
    public Input<SecurityGroupPolicySpecArgs> Spec { get; set; } = null!;
}

/// <summary>Which groups for which pods.</summary>
public sealed class SecurityGroupPolicySpecArgs : ResourceArgs
{
    /// <summary>The pods.</summary>
    [Input("podSelector", required: true)]
    public Input<LabelSelectorArgs> PodSelector { get; set; } = null!;

    /// <summary>The groups.</summary>
    [Input("securityGroups", required: true)]
    public Input<GroupIdsArgs> SecurityGroups { get; set; } = null!;
}

/// <summary>Security groups by id; one to five.</summary>
public sealed class GroupIdsArgs : ResourceArgs
{
    private InputList<string>? _groupIds;

    /// <summary>Their ids.</summary>
    [Input("groupIds", required: true)]
    public InputList<string> GroupIds
    {
        get => _groupIds ??= [];
        set => _groupIds = value;
    }
}
