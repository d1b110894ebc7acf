namespace Pulumi.Kubernetes;

/// <summary>Any resource of the Kubernetes provider.</summary>
public abstract class KubernetesResource : Pulumi.CustomResource
{
    private protected KubernetesResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : base(type, name, args, options)
    {
    }
}
