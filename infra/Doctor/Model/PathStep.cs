namespace Candor.Doctor.Model;

/// <summary>A step on the path of one probe, in the order in which the probe takes them.</summary>
public enum PathStep
{
    /// <summary>The balancer has a listener, a rule and a registered target for the service.</summary>
    Balancer,

    /// <summary>Security groups, network ACLs and routes let the connection and its answer through.</summary>
    SecurityGroup,

    /// <summary>NetworkPolicies let the connection through.</summary>
    NetworkPolicy,

    /// <summary>The probe asks the port that the app serves.</summary>
    Port,

    /// <summary>A process runs and accepts connections on that port.</summary>
    Listener,

    /// <summary>The app has the path that is asked, over the protocol that is spoken.</summary>
    Endpoint,

    /// <summary>The answer comes in time and with the expected status.</summary>
    Answer,

    /// <summary>Every check behind the answer passes.</summary>
    Check,

    /// <summary>The dependency that the check asks works.</summary>
    Dependency,
}

/// <summary>The words for a <see cref="PathStep"/>.</summary>
public static class PathStepText
{
    /// <summary>The step as it is shown.</summary>
    public static string Text(this PathStep step) => step switch
    {
        PathStep.Balancer => "balancer",
        PathStep.SecurityGroup => "security group",
        PathStep.NetworkPolicy => "network policy",
        PathStep.Port => "port",
        PathStep.Listener => "listener",
        PathStep.Endpoint => "endpoint",
        PathStep.Answer => "answer",
        PathStep.Check => "check",
        _ => "dependency",
    };
}

/// <summary>What is known of a step.</summary>
public enum Mark
{
    /// <summary>Not looked at, or not known.</summary>
    Unknown,

    /// <summary>It works.</summary>
    Passed,

    /// <summary>The first step that does not work.</summary>
    Broken,

    /// <summary>Comes after the broken step, so nothing can be said of it.</summary>
    NotReached,
}

/// <summary>One step of a probe's path as found.</summary>
/// <param name="Step">Which.</param>
/// <param name="Mark">What is known of it.</param>
/// <param name="Detail">What was seen there, in a few words; may be empty.</param>
public sealed record StepMark(PathStep Step, Mark Mark, string Detail = "");
