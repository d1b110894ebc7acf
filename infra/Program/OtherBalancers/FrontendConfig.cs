using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace Candor.Program.OtherBalancers;

/// <summary>GKE's custom resource with the settings of the balancer's front.</summary>
public sealed class FrontendConfig(string name, FrontendConfigArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="FrontendConfig"/>.</summary>
public sealed class FrontendConfigArgs() : CustomResourceArgs("networking.gke.io/v1beta1", "FrontendConfig")
{
    /// <summary>The settings.</summary>
    [Input("spec", required: true)]
    public Input<FrontendConfigSpecArgs> Spec { get; set; } = null!;
}

/// <summary>The settings of the balancer's front.</summary>
public sealed class FrontendConfigSpecArgs : ResourceArgs
{
    /// <summary>What HTTP does.</summary>
    [Input("redirectToHttps")]
    public Input<RedirectToHttpsArgs>? RedirectToHttps { get; set; }
}

/// <summary>Whether HTTP redirects to HTTPS.</summary>
public sealed class RedirectToHttpsArgs : ResourceArgs
{
    /// <summary>Whether it does.</summary>
    [Input("enabled", required: true)]
    public Input<bool> Enabled { get; set; } = null!;
}
