using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Outputs.Meta.V1;

namespace Pulumi.Kubernetes.ApiExtensions;

/// <summary>An object of a kind that a CustomResourceDefinition adds to the cluster.</summary>
public class CustomResource : KubernetesResource
{
    /// <summary>Declares the object under a name that is unique for its kind.</summary>
    public CustomResource(string name, CustomResourceArgs args, CustomResourceOptions? options = null)
        : base($"kubernetes:{args.ApiVersionText}:{args.KindText}", name, args, options)
    {
    }

    /// <summary>The group and version.</summary>
    [Output("apiVersion")]
    public Output<string> ApiVersion { get; private set; } = null!;

    /// <summary>The kind.</summary>
    [Output("kind")]
    public Output<string> Kind { get; private set; } = null!;

    /// <summary>Name, namespace, labels and annotations.</summary>
    [Output("metadata")]
    public Output<ObjectMeta> Metadata { get; private set; } = null!;
}

/// <summary>What every such object has; derive from it and add the kind's own inputs.</summary>
public abstract class CustomResourceArgs : ResourceArgs
{
    /// <summary>For objects of the kind.</summary>
    protected CustomResourceArgs(string apiVersion, string kind)
    {
        ApiVersionText = apiVersion;
        KindText = kind;
        ApiVersion = apiVersion;
        Kind = kind;
    }

    /// <summary>The group and version.</summary>
    [Input("apiVersion")]
    public Input<string> ApiVersion { get; }

    /// <summary>The kind.</summary>
    [Input("kind")]
    public Input<string> Kind { get; }

    /// <summary>Name, namespace, labels and annotations.</summary>
    [Input("metadata")]
    public Input<ObjectMetaArgs>? Metadata { get; set; }

    internal string ApiVersionText { get; }

    internal string KindText { get; }
}
