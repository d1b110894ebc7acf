namespace Candor.Planning.Rules;

internal sealed partial class Probes
{
    internal static readonly Rule Readiness = new()
    {
        Id = "PR001",
        Severity = Severity.Error,
        Holds = "every container behind a Service has a readiness probe",
        Why = "Kubernetes calls a pod without one ready as soon as its process runs, and sends users to it.",
        Fix = "Add a readinessProbe that asks whether the app can serve.",
        Example = "spec.template.spec.containers[0].readinessProbe is not set, expected a probe",
        Counterparts = new("pod-probes", "no-readiness-probe", "readinessProbeMissing", "C-0018", "CKV_K8S_9"),
    };

    internal static readonly Rule Liveness = new()
    {
        Id = "PR002",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "every container behind a Service has a liveness probe",
        Why = "A process that hangs stays until it is restarted by hand.",
        Fix = "Add a livenessProbe that evaluates no dependency.",
        Example = "spec.template.spec.containers[0].livenessProbe is not set, expected a probe",
        Counterparts = new("pod-probes", "no-liveness-probe", "livenessProbeMissing", "C-0056", "CKV_K8S_8"),
    };

    internal static readonly Rule Startup = new()
    {
        Id = "PR003",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        Holds = "every container behind a Service has a startup probe",
        Why = "Without one, liveness must allow for the slowest start, and is then slow for the whole life of the pod.",
        Fix = "Add a startupProbe; it gates the other two.",
        Example = "spec.template.spec.containers[0].startupProbe is not set, expected a probe",
    };

    internal static readonly Rule Different = new()
    {
        Id = "PR004",
        Severity = Severity.Error,
        Holds = "liveness asks another endpoint than readiness: by HTTP, gRPC, TCP (warning) or a command (warning), named ports resolved",
        Why = "A failed dependency would restart every instance.",
        Fix = "Give liveness an endpoint that evaluates no dependency, such as /healthz.",
        Example = "livenessProbe.httpGet is \":8080/health\", expected another endpoint than readinessProbe.httpGet (\":8080/health\")",
        Counterparts = new("pod-probes (the two must never be the same)"),
    };

    internal static readonly Rule Shallow = new()
    {
        Id = "PR005",
        Severity = Severity.Error,
        Holds = "the liveness path evaluates no dependency",
        Why = "A restart mends no database: every instance would be restarted for as long as the dependency is down.",
        Fix = "Ask the contract's liveness path.",
        Example = "livenessProbe.httpGet.path is \"/health?scope=local\", expected the contract's liveness path \"/healthz\"",
    };

    internal static readonly Rule Declared = new()
    {
        Id = "PR006",
        Severity = Severity.Error,
        Holds = "a probe's port that is given by name is declared by the container (a number needs no declaration)",
        Why = "The kubelet could not resolve the name: every probe would fail, and the pod never be ready or always be restarted.",
        Fix = "Use a port, or the name of a port, that the container declares.",
        Example = "readinessProbe.httpGet.port is \"web\", expected a port that the container declares: 8080 (http)",
        Counterparts = new(KubeLinter: "readiness-port, liveness-port, startup-port"),
    };

    internal static readonly Rule EveryField = new()
    {
        Id = "PR007",
        Severity = Severity.Warning,
        WithoutContract = Severity.Note,
        IsOneEdit = true,
        Holds = "every field of a probe is set (warning) to what the API accepts (error); the success threshold of liveness and startup is 1",
        Why = "What is left out has Kubernetes' default, such as a timeout of 1 s, which may not fit the app.",
        Fix = "Set the field.",
        Example = "readinessProbe.timeoutSeconds is not set, expected a value of your own",
    };

    internal static readonly Rule StartupBudget = new()
    {
        Id = "PR008",
        Severity = Severity.Error,
        Holds = "the startup probe's period × failures covers the contract's start-up limit, and liveness cannot fire before it",
        Why = "The kubelet would kill an app that is still starting within its limit.",
        Fix = "Raise the startup probe's period or failure threshold, or lower the start-up limit.",
        Example = "startupProbe.periodSeconds × failureThreshold is 30s, expected at least the contract's startupLimit (1m)",
    };

    internal static readonly Rule Late = new()
    {
        Id = "PR010",
        Severity = Severity.Warning,
        Holds = "readiness begins within a minute of the start",
        Why = "Every restart, every pod of a rollout and every pod that is added under load is kept from users for that long, also when it is ready at once.",
        Fix = "Add a startupProbe with a short period in its place.",
        Example = "readinessProbe.initialDelaySeconds is 90s, expected a startup probe that lets readiness begin as soon as the app has started",
    };

    internal static readonly Rule Timeout = new()
    {
        Id = "PR009",
        Severity = Severity.Error,
        Holds = "a probe's timeout is longer than the contract's health budget and margin, and at most its period",
        Why = "A healthy but slow answer would count as a failure.",
        Fix = "Raise the timeout or lower the budget.",
        Example = "readinessProbe.timeoutSeconds is 1s, expected more than the contract's budget.deadline (2s) + margin (500ms)",
    };
}
