using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace Candor.Program.Balancer;

/// <summary>
/// The custom resource of the AWS Load Balancer Controller that keeps a target group's targets equal to a Service's ready pods
/// (<see href="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/">its guide</see>).
/// </summary>
public sealed class TargetGroupBinding(string name, TargetGroupBindingArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="TargetGroupBinding"/>.</summary>
public sealed class TargetGroupBindingArgs() : CustomResourceArgs("elbv2.k8s.aws/v1beta1", "TargetGroupBinding")
{
    /// <summary>What is bound to what.</summary>
    [Input("spec", required: true)]
    public Input<TargetGroupBindingSpecArgs> Spec { get; set; } = null!;
}

/// <summary>What is bound to what.</summary>
public sealed class TargetGroupBindingSpecArgs : ResourceArgs
{
    /// <summary>The target group.</summary>
    [Input("targetGroupARN", required: true)]
    public Input<string> TargetGroupArn { get; set; } = null!;

    /// <summary><c>ip</c>: pods, not nodes.</summary>
    [Input("targetType")]
    public Input<string>? TargetType { get; set; }

    /// <summary>The Service whose pods are the targets.</summary>
    [Input("serviceRef", required: true)]
    public Input<ServiceReferenceArgs> ServiceRef { get; set; } = null!;
}

/// <summary>A port of a Service.</summary>
public sealed class ServiceReferenceArgs : ResourceArgs
{
    /// <summary>The Service's name.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>The Service's port.</summary>
    [Input("port", required: true)]
    public Input<int> Port { get; set; } = null!;
}
