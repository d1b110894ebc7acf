namespace Candor.Contract.Metrics;

/// <summary>
/// Every metric of the management port's <c>/metrics</c>, once: the app exposes exactly these, and the Prometheus rules ask for
/// nothing else (rule AL004).
/// </summary>
public static class MetricNames
{
    /// <summary>
    /// Requests of users, by class of their status. Label values <c>1xx</c> to <c>5xx</c>. Probes and canaries are not counted.
    /// </summary>
    public static Metric HttpRequests { get; } = new("candor_http_requests_total", MetricType.Counter,
        "Requests answered to users, by class of status code; probes and canaries are not counted.", "status");

    /// <summary>Requests of users in flight.</summary>
    public static Metric HttpRequestsInFlight { get; } = new("candor_http_requests_in_flight", MetricType.Gauge,
        "Requests of users that have not been answered yet.");

    /// <summary>Requests in flight that are older than the contract's limit.</summary>
    public static Metric HttpRequestsStuck { get; } = new("candor_http_requests_stuck", MetricType.Gauge,
        "Requests in flight that are older than the contract's stuckRequestAge and have not begun to answer.");

    /// <summary>The state, as one series a state. Label values are those of the answer's <c>status</c>.</summary>
    public static Metric HealthState { get; } = new("candor_health_state", MetricType.Gauge,
        "1 for the state that the instance is in, 0 for the others.", "state");

    /// <summary>Whether the readiness path answers 200.</summary>
    public static Metric HealthReady { get; } = new("candor_health_ready", MetricType.Gauge, "1 when readiness answers 200, else 0.");

    /// <summary>Whether the liveness path answers 200.</summary>
    public static Metric Liveness { get; } = new("candor_liveness", MetricType.Gauge, "1 when liveness answers 200, else 0.");

    /// <summary>Evaluations of all checks since the process started.</summary>
    public static Metric Evaluations { get; } = new("candor_health_evaluations_total", MetricType.Counter,
        "Evaluations of all checks; never more than one per freshness window.");

    /// <summary>Duration of the latest evaluation.</summary>
    public static Metric EvaluationDuration { get; } = new("candor_health_evaluation_duration_seconds", MetricType.Gauge,
        "Duration of the latest evaluation, in seconds.");

    /// <summary>Outcome of a check.</summary>
    public static Metric CheckStatus { get; } = new("candor_check_status", MetricType.Gauge,
        "Outcome of the check: 1 healthy, 0.5 degraded or unknown, 0 failed.", "check");

    /// <summary>Why a check fails; no series for one that passes. Label values of <c>reason</c> are those of the answer.</summary>
    public static Metric CheckFailing { get; } = new("candor_check_failing", MetricType.Gauge,
        "1 for each check that does not pass, with its reason.", "check", "reason");

    /// <summary>Duration of a check.</summary>
    public static Metric CheckDuration { get; } = new("candor_check_duration_seconds", MetricType.Gauge,
        "Duration of the check's latest run, in seconds.", "check");

    /// <summary>Answers to probers. Label values of <c>path</c>: <c>liveness</c>, <c>readiness</c>, <c>startup</c>.</summary>
    public static Metric ProbeAnswers { get; } = new("candor_probe_answers_total", MetricType.Counter,
        "Answers given on the public health paths, by path and status code.", "path", "code");

    /// <summary>Pooled connections that handlers hold.</summary>
    public static Metric PoolInUse { get; } = new("candor_pool_connections_in_use", MetricType.Gauge,
        "Connections of the dependency's pool that are in use.", "dependency");

    /// <summary>Size of the pool.</summary>
    public static Metric PoolMaximum { get; } = new("candor_pool_connections_max", MetricType.Gauge,
        "Connections that the dependency's pool may open.", "dependency");

    /// <summary>Callers that wait for a pooled connection.</summary>
    public static Metric PoolWaiting { get; } = new("candor_pool_connections_waiting", MetricType.Gauge,
        "Callers that wait for a connection of the dependency's pool.", "dependency");

    /// <summary>State of a circuit breaker.</summary>
    public static Metric BreakerState { get; } = new("candor_breaker_state", MetricType.Gauge,
        "State of the dependency's circuit breaker: 0 closed, 1 half-open, 2 open, 3 isolated.", "dependency");

    /// <summary>When the drain began.</summary>
    public static Metric DrainingSince { get; } = new("candor_draining_since_seconds", MetricType.Gauge,
        "When the instance began to drain, in seconds since 1970; 0 when it does not drain.");

    /// <summary>How late the thread pool runs a work item.</summary>
    public static Metric ThreadPoolDelay { get; } = new("candor_thread_pool_delay_seconds", MetricType.Gauge,
        "How late the thread pool runs a work item, in seconds.");

    /// <summary>Canaries sent, by outcome. Label values <c>passed</c>, <c>failed</c>.</summary>
    public static Metric Canaries { get; } = new("candor_canary_total", MetricType.Counter,
        "Canary requests through the app's own listener, by outcome.", "outcome");

    /// <summary>How users fare with an operation.</summary>
    public static Metric OperationStatus { get; } = new("candor_operation_status", MetricType.Gauge,
        "State of the operation: 1 healthy, 0.5 slow or degraded, 0 failing; no series while it is unknown.", "operation");

    /// <summary>
    /// Why an operation is not healthy; no series for one that is. Label values of <c>reason</c> are the reasons of checks.
    /// </summary>
    public static Metric OperationFailing { get; } = new("candor_operation_failing", MetricType.Gauge,
        "1 for each operation that is not healthy, with its reason.", "operation", "reason");

    /// <summary>Share of failed answers in an operation's window.</summary>
    public static Metric OperationFailedShare { get; } = new("candor_operation_failed_share", MetricType.Gauge,
        "Share of failed answers in the operation's window, 0 to 1.", "operation");

    /// <summary>Age of the oldest open item of background work.</summary>
    public static Metric OperationOldestAge { get; } = new("candor_operation_oldest_age_seconds", MetricType.Gauge,
        "Age of the background operation's oldest open item, in seconds; 0 when none is open.", "operation");

    /// <summary>
    /// Requests of users by operation. Label values of <c>outcome</c>: <c>served</c>, <c>failed</c>, <c>shed</c>, <c>ignored</c>.
    /// </summary>
    public static Metric OperationRequests { get; } = new("candor_operation_requests_total", MetricType.Counter,
        "Requests of users by operation and outcome; ignored are client errors and requests that clients aborted.", "operation", "outcome");

    /// <summary>The contract that the app runs on.</summary>
    public static Metric ContractInfo { get; } = new("candor_contract_info", MetricType.Gauge,
        "Always 1; the label is the hash of the contract as loaded.", "hash");

    /// <summary>All of them, in the order of the exposition.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        HttpRequests, HttpRequestsInFlight, HttpRequestsStuck,
        HealthState, HealthReady, Liveness, Evaluations, EvaluationDuration,
        CheckStatus, CheckFailing, CheckDuration, ProbeAnswers,
        PoolInUse, PoolMaximum, PoolWaiting, BreakerState,
        DrainingSince, ThreadPoolDelay, Canaries,
        OperationStatus, OperationFailing, OperationFailedShare, OperationOldestAge, OperationRequests, ContractInfo,
    ];
}

/// <summary>What Prometheus calls the type of a metric.</summary>
public enum MetricType
{
    /// <summary>A number that only grows, until the process restarts.</summary>
    Counter,

    /// <summary>A number that goes up and down.</summary>
    Gauge,
}

/// <summary>One metric that the app exposes and that a rule may ask for.</summary>
/// <param name="Name">Its name as Prometheus sees it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Help">What it says, and its unit.</param>
/// <param name="Labels">The labels that every sample of it has, in their order.</param>
public sealed record Metric(string Name, MetricType Type, string Help, params IReadOnlyList<string> Labels);
