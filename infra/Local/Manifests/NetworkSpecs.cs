namespace Candor.Local;

/// <summary>A Service: a name and the pods behind it.</summary>
internal sealed record ServiceSpec(
    string Namespace, string Name, IReadOnlyDictionary<string, string> Selector, IReadOnlyList<ServicePort> Ports);

/// <summary>One port of a Service; the target is a number or a container port's name.</summary>
internal sealed record ServicePort(string? Name, int Port, string TargetPort);

/// <summary>A TargetGroupBinding: which Service's pods are registered in which target group.</summary>
internal sealed record BindingSpec(string Namespace, string Name, string Service, string ServicePort, string TargetGroup);

/// <summary>A target group, durations already divided by the speed.</summary>
internal sealed record TargetGroupSpec
{
    /// <summary>The Pulumi name, which is also the balancer's backend name.</summary>
    public required string Name { get; init; }

    public required string? Id { get; init; }

    public int Port { get; init; } = 80;

    /// <summary>Null for the traffic port.</summary>
    public int? CheckPort { get; init; }

    public string CheckPath { get; init; } = "/";

    public string Matcher { get; init; } = "200";

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int HealthyThreshold { get; init; } = 5;

    public int UnhealthyThreshold { get; init; } = 2;

    public TimeSpan DeregistrationDelay { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan SlowStart { get; init; } = TimeSpan.Zero;

    public string Algorithm { get; init; } = "round_robin";

    /// <summary>Healthy targets below which the balancer routes to all of them.</summary>
    public int MinimumHealthy { get; init; } = 1;
}

/// <summary>A listener that forwards to a target group.</summary>
internal sealed record ListenerSpec(string Name, int Port, string TargetGroup, TimeSpan IdleTimeout);
