namespace Candor.Planning.Rules;

internal sealed partial class EcsServices
{
    internal static readonly Rule Redundant = new()
    {
        Id = "EC001",
        Severity = Severity.Error,
        Holds = "a service behind a balancer runs at least 2 tasks (desiredCount, or the autoscaling target's minimum); others are a warning",
        Why = "One task, host or zone that goes away would take the service with it.",
        Fix = "Run at least 2 tasks.",
        Example = "desiredCount is 1, expected at least 2",
    };

    internal static readonly Rule Grace = new()
    {
        Id = "EC002",
        Severity = Severity.Warning,
        Holds = "a service behind a balancer gives its tasks a grace period before the balancer's health check counts",
        Why = "ECS stops a task that the balancer finds unhealthy before its start has ended, and starts another with the same result.",
        Fix = "Set healthCheckGracePeriodSeconds above the time that the slowest start takes.",
        Example = "healthCheckGracePeriodSeconds is not set (0s), expected more than the slowest start; "
            + "the balancer finds the target unhealthy after 90s (3 × 30s)",
    };

    internal static readonly Rule AfterListener = new()
    {
        Id = "EC003",
        Severity = Severity.Warning,
        Holds = "a service depends on a listener or listener rule that forwards to its target group",
        Why = "ECS refuses a service whose target group belongs to no balancer yet, so that the first deployment fails or not, by chance.",
        Fix = "Add the listener to the service's dependsOn.",
        Example = "dependsOn: nothing about a listener, expected the listener http, which forwards to orders",
    };

    internal static readonly Rule Stopping = new()
    {
        Id = "EC004",
        Severity = Severity.Warning,
        Holds = "the container's stopTimeout is at least the target group's deregistration delay",
        Why = "They disagree about how long a request may take: the balancer waits for what is in flight, and the container is killed before.",
        Fix = "Set the deregistration delay to the longest request (often 30 s or less), and stopTimeout (at most 120 s on Fargate) to no less.",
        Example = "containerDefinitions[0].stopTimeout is not set (30s), expected at least the deregistrationDelay of orders (5m)",
    };

    internal static readonly Rule Breaker = new()
    {
        Id = "EC005",
        Severity = Severity.Warning,
        Holds = "a deployment that does not get well is rolled back (deploymentCircuitBreaker with enable and rollback)",
        Why = "ECS would start tasks of a broken version for hours, and nothing goes back to the one that worked.",
        Fix = "Set deploymentCircuitBreaker: { enable: true, rollback: true }.",
        Example = "deploymentCircuitBreaker is not set, expected enable and rollback true",
    };

    internal static readonly Rule Wired = new()
    {
        Id = "EC006",
        Severity = Severity.Error,
        Holds = "container and port of a service's loadBalancers are those of its task definition, and the target group takes addresses where tasks have their own",
        Why = "ECS refuses the service, or the balancer asks a port on which nobody listens.",
        Fix = "Name a container of the task definition and a port that it maps; use targetType ip with the network mode awsvpc.",
        Example = "loadBalancers[0].containerPort is 80, expected a port that container web maps (8080)",
    };

    internal static readonly Rule Serving = new()
    {
        Id = "EC007",
        Severity = Severity.Error,
        Holds = "a deployment leaves at least one healthy task (desired tasks × deploymentMinimumHealthyPercent)",
        Why = "Every deployment stops the old tasks before the new ones serve: users get errors until they do.",
        Fix = "Set deploymentMinimumHealthyPercent to 100 and deploymentMaximumPercent to 200.",
        Example = "deploymentMinimumHealthyPercent is 0 (of 2 tasks none need stay), expected a share that leaves at least one task",
    };

    internal static readonly Rule Checked = new()
    {
        Id = "EC008",
        Severity = Severity.Warning,
        Holds = "something asks the tasks for their health: a target group, or a healthCheck of an essential container, on a port that it maps",
        Why = "A task that hangs stays for as long as its process lives.",
        Fix = "Add a healthCheck to the container definition, on a port that the container maps.",
        Example = "containerDefinitions is without a healthCheck, expected one in an essential container, because no target group asks either",
    };
}
