namespace Candor.Planning.Rules;

/// <summary>
/// Health checks that annotations set: those of the AWS Load Balancer Controller on Ingresses
/// (<see href="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/">alb.ingress.kubernetes.io</see>)
/// and their Services, and on Services of type LoadBalancer
/// (<see href="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/">service.beta.kubernetes.io</see>).
/// </summary>
internal static class ControllerAnnotations
{
    private const string OfIngress = "alb.ingress.kubernetes.io/";
    private const string OfService = "service.beta.kubernetes.io/aws-load-balancer-";
    private const string Delay = "deregistration_delay.timeout_seconds";

    /// <summary>Whether an object has one of the Ingress' annotations.</summary>
    internal static bool AreOn(PlanResource ingress) =>
        Annotations(ingress).Properties.Any(annotation => annotation.Key.StartsWith(OfIngress, StringComparison.Ordinal));

    /// <summary>The route with the health check and delay that the annotations set, where they set any.</summary>
    internal static Route Apply(Route route)
    {
        if (route is { Kind: BalancerKind.Controller, Ingress: { } ingress })
        {
            // The Service's own annotations come before the Ingress'.
            Field At(string name) =>
                route.Service is { } own && Annotations(own)[OfIngress + name].Exists ? Field(own, OfIngress + name) : Field(ingress, OfIngress + name);
            return route with
            {
                Probe = Probe(ingress, At, "healthcheck-interval-seconds", "healthcheck-timeout-seconds", "healthy-threshold-count", "unhealthy-threshold-count", "success-codes"),
                Attributes = DelayOf(At("target-group-attributes")),
            };
        }

        if (route is { Kind: BalancerKind.Other, Ingress: null, Service: { } service } && IsNetworkBalancer(service))
        {
            Field At(string name) => Field(service, OfService + name);
            return route with
            {
                Kind = BalancerKind.Controller,
                Probe = Probe(service, At, "healthcheck-interval", "healthcheck-timeout", "healthcheck-healthy-threshold", "healthcheck-unhealthy-threshold", "healthcheck-success-codes"),
                Attributes = DelayOf(At("target-group-attributes")),
            };
        }

        return route;
    }

    private static BalancerProbe Probe(PlanResource resource, Func<string, Field> at, string interval, string timeout, string healthy, string unhealthy, string codes)
    {
        var protocol = at("healthcheck-protocol");
        var isHttp = protocol.Value.Known() is { } written
            ? written.StartsWith("HTTP", StringComparison.OrdinalIgnoreCase)
            : interval.EndsWith("seconds", StringComparison.Ordinal);
        return new()
        {
            Resource = at("healthcheck-path").Value.Exists ? at("healthcheck-path").Resource : resource,
            IsHttp = isHttp,
            Path = at("healthcheck-path"),
            Port = at("healthcheck-port"),
            Protocol = protocol,
            Interval = at(interval),
            Timeout = at(timeout),
            HealthyThreshold = at(healthy),
            UnhealthyThreshold = at(unhealthy),
            Matcher = at(codes),
            Ranges = ProbeRanges.Aws,
            Defaults = isHttp && interval.EndsWith("seconds", StringComparison.Ordinal) ? ProbeDefaults.Controller : ProbeDefaults.ControllerOfService,
        };
    }

    // Without one of these the cloud provider of old makes a Classic Load Balancer, which has a check of another kind.
    private static bool IsNetworkBalancer(PlanResource service) =>
        service.Inputs["spec"]["loadBalancerClass"].Text == "service.k8s.aws/nlb"
        || Annotations(service)[OfService + "type"].Text is "external" or "nlb" or "nlb-ip";

    private static Field DelayOf(Field attributes)
    {
        var value = attributes.Value.Known() is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries)
                .Select(entry => entry.Split('=', 2))
                .Where(entry => entry.Length == 2 && entry[0] == Delay)
                .Select(entry => PlanValue.From(entry[1]))
                .FirstOrDefault()
            : attributes.Value;
        return attributes with { Path = $"{attributes.Path} {Delay}", Value = value };
    }

    private static Field Field(PlanResource resource, string name) => new(resource, $"metadata.annotations[\"{name}\"]", Annotations(resource)[name]);

    private static PlanValue Annotations(PlanResource resource) => resource.Inputs["metadata"]["annotations"];
}
