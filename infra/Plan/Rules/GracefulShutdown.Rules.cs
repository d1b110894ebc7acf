namespace Candor.Planning.Rules;

internal sealed partial class GracefulShutdown
{
    internal static readonly Rule Leaving = new()
    {
        Id = "GS001",
        Severity = Severity.Error,
        Holds = "the time between \"leave\" and \"stop serving\" (preStop + the contract's hold) covers propagation + the balancer's deregistration delay",
        Why = "The balancer would still send requests to a server that has stopped.",
        Fix = "Raise hold or preStop, or lower the deregistration delay.",
        Example = "preStop (0s) + the contract's drain.hold (10s) is 10s, expected at least 5s + deregistrationDelay of orders (30s)",
    };

    internal static readonly Rule Grace = new()
    {
        Id = "GS002",
        Severity = Severity.Error,
        Holds = "the termination grace covers preStop + hold + the longest request + margin",
        Why = "The kubelet would kill the process with requests in flight.",
        Fix = "Raise terminationGracePeriodSeconds.",
        Example = "terminationGracePeriodSeconds is 30s, expected at least 35s + 15s + margin (5s)",
    };

    internal static readonly Rule Deregistration = new()
    {
        Id = "GS003",
        Severity = Severity.Error,
        WithoutContract = Severity.Warning,
        Holds = "the deregistration delay is at least the longest request, and at most the termination grace",
        Why = "The balancer would cut long requests of a leaving target, or count on a process that is gone.",
        Fix = "Set a deregistration delay between the longest request and the termination grace.",
        Example = "deregistrationDelay is 5m, expected at most terminationGracePeriodSeconds of orders (1m)",
    };

    internal static readonly Rule KeepAlive = new()
    {
        Id = "GS004",
        Severity = Severity.Error,
        Holds = "the server keeps idle connections longer than the balancer (ALB: its idle timeout; Google: 600 s), and the balancer waits for the longest request",
        Why = "The balancer would send a request into a connection that the server is closing, and answer 502.",
        Fix = "Raise the contract's balancer.keepAlive or lower the balancer's idle timeout.",
        Example = "the contract's balancer.keepAlive is 1m, expected more than idleTimeout (1m)",
    };

    internal static readonly Rule ShellPreStop = new()
    {
        Id = "GS005",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "a preStop that only sleeps uses the sleep action, and a shell is called only where the image has one",
        Why = "In an image without the program the hook fails at once, the pod stops without waiting, and only an event shows it.",
        Fix = "Use lifecycle.preStop.sleep.",
        Example = "lifecycle.preStop.exec is a command that sleeps 10s, expected the sleep action",
    };
}
