namespace Candor.Planning.Rules;

internal sealed partial class SecurityGroups
{
    internal static readonly Rule Closed = new()
    {
        Id = "SG001",
        Severity = Severity.Error,
        Holds = "no rule admits every protocol, and 0.0.0.0/0 and ::/0 reach only the balancer's port 80 and 443",
        Why = "What is open to everybody is found within minutes.",
        Fix = "Name the protocol and port, and admit a security group.",
        Example = "port 8080 open to 0.0.0.0/0, expected a security group",
        Counterparts = new(Checkov: "CKV_AWS_24, CKV_AWS_25, CKV_AWS_260 (ports 22, 3389 and 80), CKV_AWS_382 (egress)"),
    };

    internal static readonly Rule OwnGroups = new()
    {
        Id = "SG002",
        Severity = Severity.Error,
        WithoutContract = Severity.Warning,
        Holds = "balancer and pods have groups of their own, and the pods admit the balancer's group only",
        Why = "Direct access to the pods bypasses the balancer's TLS, logs and health checks.",
        Fix = "Give each its own group and admit the balancer's group only.",
        Example = "port 8080 admits 10.0.0.0/8, expected the balancer's group alone",
    };

    internal static readonly Rule Open = new()
    {
        Id = "SG003",
        Severity = Severity.Error,
        Holds = "traffic port and health port are open from balancer to pods in both groups, and each listener's port is open to the balancer",
        Why = "The balancer's probes would be dropped in silence, and every target would time out although the app is fine.",
        Fix = "Add the missing rule.",
        Example = "no rule lets the health port 8081 in from the balancer, expected TCP 8081 from orders-balancer",
    };

    internal static readonly Rule Described = new()
    {
        Id = "SG004",
        Severity = Severity.Error,
        Holds = "every rule is described (warning), and inline and separate rules are never mixed in one direction of a group (error)",
        Why = "A rule without a documented purpose is never removed.",
        Fix = "Describe the flow.",
        Example = "description is not set, expected a sentence about the purpose of the flow",
        Counterparts = new(Checkov: "CKV_AWS_23 (description)"),
    };
}
