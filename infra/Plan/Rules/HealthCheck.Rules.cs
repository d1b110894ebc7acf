namespace Candor.Planning.Rules;

internal sealed partial class HealthCheck
{
    internal static readonly Rule EveryField = new()
    {
        Id = "HC001",
        Severity = Severity.Error,
        WithoutContract = Severity.Note,
        IsOneEdit = true,
        Holds = "every field that the balancer's health check has is set (path and matcher for HTTP and gRPC only), and it is switched on",
        Why = "Defaults differ between tools (thresholds of 3/3, 5/2 and 2/2), so a field that is left out means something else in each of them.",
        Fix = "Set the field: a value of your own holds for every tool.",
        Example = "healthCheck: interval and unhealthyThreshold are not set, expected a value of your own",
        Counterparts = new(Checkov: "CKV_AWS_261 (that there is a health check)"),
    };

    internal static readonly Rule Endpoint = new()
    {
        Id = "HC002",
        Severity = Severity.Error,
        Holds = "path, port and protocol of every health check are an endpoint that the app maps in Production, on the port of the container behind it",
        Why = "The prober would get a refused connection or a 404 from an app that is fine, or ask a page that knows nothing of the app's state.",
        Fix = "Ask the path and port on which the app answers for its health.",
        Example = "healthCheck.port is 8081, expected the contract's port (8080)",
        Counterparts = new(KubeLinter: "readiness-port, liveness-port, startup-port (kubelet probes only)"),
    };

    internal static readonly Rule Ranges = new()
    {
        Id = "HC003",
        Severity = Severity.Error,
        Holds = "timeout is below the interval, and every value lies in the balancer's range (AWS: interval 5–300, timeout 2–120, thresholds 2–10)",
        Why = "The cloud refuses the value at deployment, or a probe is still waiting when the next one starts.",
        Fix = "Choose a value in the range, with the timeout below the interval.",
        Example = "healthCheck.timeout is 10s, expected less than healthCheck.interval (10s)",
    };

    internal static readonly Rule Matcher = new()
    {
        Id = "HC004",
        Severity = Severity.Error,
        Holds = "the matcher accepts the codes that mean healthy in the contract, and nothing that the app answers when it is not; without a contract, a matcher without 200 is a question (warning)",
        Why = "An instance that reports itself unhealthy would pass, or a healthy one would be ejected.",
        Fix = "Set the matcher to 200.",
        Example = "healthCheck.matcher is \"200-599\", expected codes without 503",
    };

    internal static readonly Rule Budget = new()
    {
        Id = "HC006",
        Severity = Severity.Error,
        Holds = "the balancer's timeout is longer than the contract's health budget and margin (for kubelet probes: PR009)",
        Why = "A healthy but slow answer would count as a failure.",
        Fix = "Raise the timeout or lower the budget.",
        Example = "healthCheck.timeout is 2s, expected more than the contract's budget.deadline (2s) + margin (500ms)",
    };

    internal static readonly Rule SharedFailures = new()
    {
        Id = "HC007",
        Severity = Severity.Warning,
        Holds = "where a required, shared dependency can eject every target at once, the choice (`routing`) is written down, probes follow it, the minimum of healthy targets is set, and it leaves what still works in service",
        Why = "When a shared dependency fails, every instance fails its check at once, and whether users get errors or no answer at all depends on a default that was not chosen.",
        Fix = "Choose routing.onSharedFailure in the contract (balancerOnly behind an ALB, report behind balancers that do not fail open), and set the target group's minimum healthy targets from it.",
        Example = "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount is not set, expected the contract's routing.minimumHealthyTargets (1)",
    };

    internal static readonly Rule Swiftness = new()
    {
        Id = "HC008",
        Severity = Severity.Warning,
        Holds = "a broken target is noticed soon: the interval is at most 10 s, the unhealthy threshold 2 or 3, and no prober detects a failure later than the contract's timeline states; more than 5 min is an error, at most 1 min a note",
        Why = "A broken instance would get users' requests for longer than they wait, or be ejected for a single lost probe.",
        Fix = "Use an interval of 10 s or less and an unhealthy threshold of 2 or 3.",
        Example = "healthCheck.interval × unhealthyThreshold: a broken target is noticed after up to 51m (10 × 5m + 1m), expected at most 40s",
    };

    internal static readonly Rule Rollout = new()
    {
        Id = "HC009",
        Severity = Severity.Error,
        Holds = "healthy threshold × interval is less than the rollout's progress deadline",
        Why = "With a readiness gate a new pod is not ready before the balancer calls it healthy, so a good rollout would be reported as failed.",
        Fix = "Lower the healthy threshold or the interval, or raise progressDeadlineSeconds.",
        Example = "spec.progressDeadlineSeconds is 15s, expected more than 2 × 10s = 20s",
    };
}
