using Candor.Contract;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Common;

/// <summary>Kubernetes probes with every field set, each number from the contract.</summary>
internal static class Probes
{
    /// <summary>The probe with the numbers of the settings.</summary>
    public static ProbeArgs With(ProbeArgs probe, ProbeSettings settings)
    {
        probe.InitialDelaySeconds = settings.InitialDelay.WholeSeconds();
        probe.PeriodSeconds = settings.Period.WholeSeconds();
        probe.TimeoutSeconds = settings.Timeout.WholeSeconds();
        probe.FailureThreshold = settings.FailureThreshold;
        probe.SuccessThreshold = settings.SuccessThreshold;
        return probe;
    }

    /// <summary>A request for a path at a named port of the container.</summary>
    public static ProbeArgs Http(string path, string port, ProbeSettings settings) =>
        With(new() { HttpGet = new HTTPGetActionArgs { Scheme = "HTTP", Path = path, Port = port } }, settings);
}
