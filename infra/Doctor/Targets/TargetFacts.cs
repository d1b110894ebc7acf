using Candor.Doctor.Url;

namespace Candor.Doctor.Targets;

/// <summary>A target group as its balancer has it, with what its checks saw.</summary>
internal sealed record TargetGroupFacts
{
    internal required string Name { get; init; }

    /// <summary>Where it was read: a command, or the local target.</summary>
    internal required string Source { get; init; }

    internal string? Arn { get; init; }

    /// <summary>The network (VPC) that it belongs to, or null where that is not known.</summary>
    internal string? Network { get; init; }

    /// <summary>The workload whose pods are its targets, or null where that is not known.</summary>
    internal string? Workload { get; init; }

    internal string Protocol { get; init; } = "HTTP";

    /// <summary><c>HTTP1</c>, <c>HTTP2</c> or <c>GRPC</c>.</summary>
    internal string ProtocolVersion { get; init; } = "HTTP1";

    internal string CheckProtocol { get; init; } = "HTTP";

    /// <summary>The port that is checked; null for each target's own.</summary>
    internal int? CheckPort { get; init; }

    internal string CheckPath { get; init; } = "/";

    internal string Codes { get; init; } = "200";

    internal TimeSpan Interval { get; init; }

    internal TimeSpan Timeout { get; init; }

    internal int HealthyThreshold { get; init; } = 5;

    internal int UnhealthyThreshold { get; init; } = 2;

    internal TimeSpan DeregistrationDelay { get; init; }

    internal TimeSpan SlowStart { get; init; }

    internal int MinimumHealthy { get; init; } = 1;

    internal string? ContractHash { get; init; }

    internal IReadOnlyList<TargetFacts> Targets { get; init; } = [];

    /// <summary>How many targets there are, where <see cref="Targets"/> is a sample.</summary>
    internal int Count { get; init; }

    internal int Healthy => Targets.Count(target => target.State == "healthy");

    internal int PortOf(TargetFacts target) => CheckPort ?? target.Port;
}

/// <summary>One target.</summary>
/// <param name="Id">Its address, instance or pod.</param>
/// <param name="Port">Its traffic port.</param>
/// <param name="State"><c>healthy</c>, <c>unhealthy</c>, <c>initial</c>, <c>draining</c>, <c>unused</c> or <c>unavailable</c>.</param>
/// <param name="Code">AWS's reason code, such as <c>Target.Timeout</c>, or empty.</param>
/// <param name="Description">AWS's or the balancer's words.</param>
internal sealed record TargetFacts(string Id, int Port, string State, string Code, string Description)
{
    internal string? Zone { get; init; }

    /// <summary>What the same question gave when the doctor asked it, or null.</summary>
    internal UrlFacts? Asked { get; init; }

    /// <summary>Seconds since it is in this state, where that is known.</summary>
    internal TimeSpan? Since { get; init; }
}
