namespace Candor.Planning.Rules;

/// <summary>The ranges that a balancer accepts for its health check.</summary>
/// <param name="Interval">Seconds between two probes.</param>
/// <param name="Timeout">Seconds to wait for an answer.</param>
/// <param name="Threshold">Probes in a row.</param>
internal sealed record ProbeRanges((double Least, double Most) Interval, (double Least, double Most) Timeout, (double Least, double Most) Threshold)
{
    /// <summary><see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html">ALB target group</see>.</summary>
    internal static ProbeRanges Aws { get; } = new((5, 300), (2, 120), (2, 10));

    /// <summary><see href="https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks">Google Cloud health check</see>.</summary>
    internal static ProbeRanges Google { get; } = new((1, 300), (1, 300), (1, 10));
}

/// <summary>What a balancer's health check has where nothing is set.</summary>
/// <param name="Interval">Between two probes.</param>
/// <param name="Timeout">Until an answer counts as none.</param>
/// <param name="Healthy">Probes in a row that must pass.</param>
/// <param name="Unhealthy">Probes in a row that must fail.</param>
internal sealed record ProbeDefaults(TimeSpan Interval, TimeSpan Timeout, int Healthy, int Unhealthy)
{
    /// <summary>Pulumi's AWS provider (<see href="https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/">TargetGroup</see>).</summary>
    internal static ProbeDefaults Aws { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(6), 3, 3);

    /// <summary>A function's check.</summary>
    internal static ProbeDefaults Function { get; } = new(TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(30), 3, 3);

    /// <summary>Google Cloud's health check.</summary>
    internal static ProbeDefaults Google { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), 2, 2);

    /// <summary>GKE's Gateway (<see href="https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources#configure_health_check">HealthCheckPolicy</see>).</summary>
    internal static ProbeDefaults Gateway { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15), 1, 2);

    /// <summary>
    /// The AWS Load Balancer Controller
    /// (<see href="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#health-check">annotations</see>).
    /// </summary>
    internal static ProbeDefaults ControllerOfService { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), 3, 3);

    /// <summary>The same for an Ingress.</summary>
    internal static ProbeDefaults Controller { get; } = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), 2, 2);
}

/// <summary>A balancer's own health check, whatever kind of resource sets it.</summary>
internal sealed record BalancerProbe
{
    /// <summary>The resource that sets it.</summary>
    internal required PlanResource Resource { get; init; }

    /// <summary>Whether it speaks HTTP; a TCP check has no path and no matcher.</summary>
    internal bool IsHttp { get; init; } = true;

    /// <summary>Whether it speaks gRPC, so that its matcher holds gRPC codes (0 to 99).</summary>
    internal bool IsGrpc { get; init; }

    /// <summary>Whether it asks a function: it has no port and no protocol, and what it answers is the function's own.</summary>
    internal bool IsFunction { get; init; }

    internal required Field Path { get; init; }

    internal required Field Port { get; init; }

    internal required Field Protocol { get; init; }

    internal required Field Interval { get; init; }

    internal required Field Timeout { get; init; }

    internal required Field HealthyThreshold { get; init; }

    internal required Field UnhealthyThreshold { get; init; }

    /// <summary>The codes that pass, or null for a balancer that lets nobody choose.</summary>
    internal required Field? Matcher { get; init; }

    internal required ProbeRanges Ranges { get; init; }

    /// <summary>What holds where nothing is set.</summary>
    internal required ProbeDefaults Defaults { get; init; }

    /// <summary>Every field that must be set, as none is when tools' defaults differ.</summary>
    internal IEnumerable<Field> Settings
    {
        get
        {
            if (IsFunction)
            {
                return [Interval, Timeout, HealthyThreshold, UnhealthyThreshold];
            }

            IEnumerable<Field> always = [Port, Protocol, Interval, Timeout, HealthyThreshold, UnhealthyThreshold];
            return !IsHttp ? always : Matcher is { } matcher ? always.Append(Path).Append(matcher) : always.Append(Path);
        }
    }

    /// <summary>Whether its interval and unhealthy threshold are numbers that the balancer would take.</summary>
    internal bool IsInRange => Within(Interval, Ranges.Interval) && Within(UnhealthyThreshold, Ranges.Threshold);

    /// <summary>Whether the balancer would take its numbers; HC003 tells of those that it would not.</summary>
    internal bool IsAcceptable =>
        Within(Interval, Ranges.Interval) && Within(Timeout, Ranges.Timeout) && Within(HealthyThreshold, Ranges.Threshold) && Within(UnhealthyThreshold, Ranges.Threshold)
        && !(Timeout.Value.Number >= Interval.Value.Number);

    /// <summary>
    /// The health check of a target group; null where it has none: a function's is off unless it is switched on
    /// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html">CreateTargetGroup</see>).
    /// </summary>
    internal static BalancerProbe? OfTargetGroup(PlanResource group)
    {
        var check = group.Inputs["healthCheck"];
        var isFunction = group.Inputs["targetType"].Text == "lambda";
        if (check["enabled"].Boolean == false || (isFunction && check["enabled"].Boolean != true))
        {
            return null;
        }

        Field At(string name) => new(group, $"healthCheck.{name}", check[name]);
        var traffic = group.Inputs["protocol"].Known()?.ToUpperInvariant();
        // The provider's default is HTTP; a target group of a network or gateway balancer without a word of HTTP is asked by TCP.
        var isLowerLayer = traffic is "TCP" or "TLS" or "UDP" or "TCP_UDP" or "QUIC" or "TCP_QUIC" or "GENEVE"
            && check["path"].IsMissing() && check["matcher"].IsMissing();
        var protocol = (check["protocol"].Known() ?? (isLowerLayer ? "TCP" : "HTTP")).ToUpperInvariant();
        return new()
        {
            Resource = group,
            IsHttp = protocol is "HTTP" or "HTTPS" && !isFunction,
            IsGrpc = group.Inputs["protocolVersion"].Known()?.ToUpperInvariant() == "GRPC",
            IsFunction = isFunction,
            Path = At("path"),
            Port = At("port"),
            Protocol = At("protocol"),
            Interval = At("interval"),
            Timeout = At("timeout"),
            HealthyThreshold = At("healthyThreshold"),
            UnhealthyThreshold = At("unhealthyThreshold"),
            Matcher = At("matcher"),
            Ranges = ProbeRanges.Aws,
            Defaults = isFunction ? ProbeDefaults.Function : ProbeDefaults.Aws,
        };
    }

    /// <summary>The health check of a GKE BackendConfig.</summary>
    internal static BalancerProbe OfBackendConfig(PlanResource config)
    {
        var check = config.Inputs["spec"]["healthCheck"];
        Field At(string name) => new(config, $"spec.healthCheck.{name}", check[name]);
        return new()
        {
            Resource = config,
            IsHttp = (check["type"].Known() ?? "HTTP").ToUpperInvariant() is "HTTP" or "HTTPS" or "HTTP2",
            Path = At("requestPath"),
            Port = At("port"),
            Protocol = At("type"),
            Interval = At("checkIntervalSec"),
            Timeout = At("timeoutSec"),
            HealthyThreshold = At("healthyThreshold"),
            UnhealthyThreshold = At("unhealthyThreshold"),
            Matcher = null,
            Ranges = ProbeRanges.Google,
            Defaults = ProbeDefaults.Google,
        };
    }

    /// <summary>The health check of GKE's Gateway, by the policy that targets the Service.</summary>
    internal static BalancerProbe OfHealthCheckPolicy(PlanResource policy)
    {
        var check = policy.Inputs["spec"]["default"];
        var type = check["config"]["type"];
        var handler = (type.Known() ?? "HTTP").ToUpperInvariant() switch
        {
            "HTTPS" => "httpsHealthCheck",
            "HTTP2" => "http2HealthCheck",
            "GRPC" => "grpcHealthCheck",
            "TCP" => "tcpHealthCheck",
            _ => "httpHealthCheck",
        };
        Field At(string name) => new(policy, $"spec.default.{name}", check[name]);
        Field Of(string name) => new(policy, $"spec.default.config.{handler}.{name}", check["config"][handler][name]);
        return new()
        {
            Resource = policy,
            IsHttp = handler is "httpHealthCheck" or "httpsHealthCheck" or "http2HealthCheck",
            Path = Of("requestPath"),
            Port = Of("port"),
            Protocol = new(policy, "spec.default.config.type", type),
            Interval = At("checkIntervalSec"),
            Timeout = At("timeoutSec"),
            HealthyThreshold = At("healthyThreshold"),
            UnhealthyThreshold = At("unhealthyThreshold"),
            Matcher = null,
            Ranges = ProbeRanges.Google,
            Defaults = ProbeDefaults.Gateway,
        };
    }

    private static bool Within(Field field, (double Least, double Most) range) =>
        field.Value.Number is not { } number || (number >= range.Least && number <= range.Most);
}
