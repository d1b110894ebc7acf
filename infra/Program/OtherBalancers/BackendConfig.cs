using Candor.Contract;
using Candor.Program.Common;
using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace Candor.Program.OtherBalancers;

/// <summary>
/// GKE's custom resource with the settings of a backend service
/// (<see href="https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration">reference</see>).
/// </summary>
public sealed class BackendConfig(string name, BackendConfigArgs args, CustomResourceOptions options)
    : Pulumi.Kubernetes.ApiExtensions.CustomResource(name, args, options);

/// <summary>Arguments of a <see cref="BackendConfig"/>.</summary>
public sealed class BackendConfigArgs() : CustomResourceArgs("cloud.google.com/v1", "BackendConfig")
{
    /// <summary>The settings.</summary>
    [Input("spec", required: true)]
    public Input<BackendConfigSpecArgs> Spec { get; set; } = null!;
}

/// <summary>The settings of a backend service.</summary>
public sealed class BackendConfigSpecArgs : ResourceArgs
{
    /// <summary>How long a request may take, in seconds.</summary>
    [Input("timeoutSec")]
    public Input<int>? TimeoutSec { get; set; }

    /// <summary>How long requests of a leaving pod may finish.</summary>
    [Input("connectionDraining")]
    public Input<ConnectionDrainingArgs>? ConnectionDraining { get; set; }

    /// <summary>The health check.</summary>
    [Input("healthCheck")]
    public Input<BackendHealthCheckArgs>? HealthCheck { get; set; }

    /// <summary>Access logs.</summary>
    [Input("logging")]
    public Input<BackendLoggingArgs>? Logging { get; set; }

    /// <summary>The contract's numbers; Google's health checks accept only 200.</summary>
    internal static BackendConfigSpecArgs Of(HealthContract contract) => new()
    {
        TimeoutSec = contract.Drain.RequestTimeout.WholeSeconds(),
        ConnectionDraining = new ConnectionDrainingArgs { DrainingTimeoutSec = contract.Drain.DeregistrationDelay.WholeSeconds() },
        HealthCheck = new BackendHealthCheckArgs
        {
            Type = "HTTP",
            Port = contract.Port,
            RequestPath = contract.Paths.Readiness,
            CheckIntervalSec = contract.Balancer.Interval.WholeSeconds(),
            TimeoutSec = contract.Balancer.Timeout.WholeSeconds(),
            HealthyThreshold = contract.Balancer.HealthyThreshold,
            UnhealthyThreshold = contract.Balancer.UnhealthyThreshold,
        },
        Logging = new BackendLoggingArgs { Enable = true, SampleRate = 1.0 },
    };
}

/// <summary>How long requests of a leaving pod may finish.</summary>
public sealed class ConnectionDrainingArgs : ResourceArgs
{
    /// <summary>Seconds.</summary>
    [Input("drainingTimeoutSec", required: true)]
    public Input<int> DrainingTimeoutSec { get; set; } = null!;
}

/// <summary>A backend service's health check.</summary>
public sealed class BackendHealthCheckArgs : ResourceArgs
{
    /// <summary>Seconds between two probes.</summary>
    [Input("checkIntervalSec")]
    public Input<int>? CheckIntervalSec { get; set; }

    /// <summary>Seconds that a probe waits.</summary>
    [Input("timeoutSec")]
    public Input<int>? TimeoutSec { get; set; }

    /// <summary>Passed probes that make healthy.</summary>
    [Input("healthyThreshold")]
    public Input<int>? HealthyThreshold { get; set; }

    /// <summary>Failed probes that make unhealthy.</summary>
    [Input("unhealthyThreshold")]
    public Input<int>? UnhealthyThreshold { get; set; }

    /// <summary><c>HTTP</c>.</summary>
    [Input("type")]
    public Input<string>? Type { get; set; }

    /// <summary>The pods' port.</summary>
    [Input("port")]
    public Input<int>? Port { get; set; }

    /// <summary>The path.</summary>
    [Input("requestPath")]
    public Input<string>? RequestPath { get; set; }
}

/// <summary>A backend service's access logs.</summary>
public sealed class BackendLoggingArgs : ResourceArgs
{
    /// <summary>Whether requests are logged.</summary>
    [Input("enable")]
    public Input<bool>? Enable { get; set; }

    /// <summary>Share of requests logged, 0–1.</summary>
    [Input("sampleRate")]
    public Input<double>? SampleRate { get; set; }
}
