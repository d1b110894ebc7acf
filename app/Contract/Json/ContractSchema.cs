using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>The JSON form of the contract: every key of every part, in the order in which it is written.</summary>
internal static class ContractSchema
{
    private static readonly RecordSchema<HealthPaths> Paths = new(
        SchemaFields<HealthPaths>.Of("liveness", r => r.Liveness, (r, v) => r with { Liveness = v }),
        SchemaFields<HealthPaths>.Of("readiness", r => r.Readiness, (r, v) => r with { Readiness = v }),
        SchemaFields<HealthPaths>.Of("startup", r => r.Startup, (r, v) => r with { Startup = v }));

    private static readonly RecordSchema<BalancerCheck> Balancer = new(
        SchemaFields<BalancerCheck>.Of("interval", r => r.Interval, (r, v) => r with { Interval = v }),
        SchemaFields<BalancerCheck>.Of("timeout", r => r.Timeout, (r, v) => r with { Timeout = v }),
        SchemaFields<BalancerCheck>.Of("healthyThreshold", r => r.HealthyThreshold, (r, v) => r with { HealthyThreshold = v }),
        SchemaFields<BalancerCheck>.Of("unhealthyThreshold", r => r.UnhealthyThreshold, (r, v) => r with { UnhealthyThreshold = v }),
        SchemaFields<BalancerCheck>.Of("healthyCodes", r => r.HealthyCodes, (r, v) => r with { HealthyCodes = v }),
        SchemaFields<BalancerCheck>.Of("idleTimeout", r => r.IdleTimeout, (r, v) => r with { IdleTimeout = v }),
        SchemaFields<BalancerCheck>.Of("keepAlive", r => r.KeepAlive, (r, v) => r with { KeepAlive = v }));

    private static readonly RecordSchema<ProbeSettings> Probe = new(
        SchemaFields<ProbeSettings>.Of("initialDelay", r => r.InitialDelay, (r, v) => r with { InitialDelay = v }),
        SchemaFields<ProbeSettings>.Of("period", r => r.Period, (r, v) => r with { Period = v }),
        SchemaFields<ProbeSettings>.Of("timeout", r => r.Timeout, (r, v) => r with { Timeout = v }),
        SchemaFields<ProbeSettings>.Of("failureThreshold", r => r.FailureThreshold, (r, v) => r with { FailureThreshold = v }),
        SchemaFields<ProbeSettings>.Of("successThreshold", r => r.SuccessThreshold, (r, v) => r with { SuccessThreshold = v }));

    private static readonly RecordSchema<HealthBudget> Budget = new(
        SchemaFields<HealthBudget>.Of("deadline", r => r.Deadline, (r, v) => r with { Deadline = v }),
        SchemaFields<HealthBudget>.Of("margin", r => r.Margin, (r, v) => r with { Margin = v }));

    private static readonly RecordSchema<Dependency> Dependency = new(
        SchemaFields<Dependency>.Of("name", r => r.Name, (r, v) => r with { Name = v }),
        SchemaFields<Dependency>.Of("kind", r => r.Kind, (r, v) => r with { Kind = v }),
        SchemaFields<Dependency>.Choice("importance", r => r.Importance, (r, v) => r with { Importance = v }),
        SchemaFields<Dependency>.Choice("scope", r => r.Scope, (r, v) => r with { Scope = v }),
        SchemaFields<Dependency>.Of("timeout", r => r.Timeout, (r, v) => r with { Timeout = v }),
        SchemaFields<Dependency>.Optional("port", r => r.Port, (r, v) => r with { Port = v }),
        SchemaFields<Dependency>.Optional("backlogLimit", r => r.BacklogLimit, (r, v) => r with { BacklogLimit = v }),
        SchemaFields<Dependency>.Optional("connections", r => r.Connections, (r, v) => r with { Connections = v }));

    private static readonly RecordSchema<OperationCanary> Canary = new(
        SchemaFields<OperationCanary>.Of("path", r => r.Path, (r, v) => r with { Path = v }),
        SchemaFields<OperationCanary>.Optional("body", r => r.Body, (r, v) => r with { Body = v }),
        SchemaFields<OperationCanary>.Of("interval", r => r.Interval, (r, v) => r with { Interval = v }),
        SchemaFields<OperationCanary>.Of("timeout", r => r.Timeout, (r, v) => r with { Timeout = v }),
        SchemaFields<OperationCanary>.Of("failureThreshold", r => r.FailureThreshold, (r, v) => r with { FailureThreshold = v }));

    private static readonly RecordSchema<Operation> Operation = new(
        SchemaFields<Operation>.Of("name", r => r.Name, (r, v) => r with { Name = v }),
        SchemaFields<Operation>.Optional("route", r => r.Route, (r, v) => r with { Route = v }),
        SchemaFields<Operation>.Of("critical", r => r.Critical, (r, v) => r with { Critical = v }),
        SchemaFields<Operation>.Optional("latencyLimit", r => r.LatencyLimit, (r, v) => r with { LatencyLimit = v }),
        SchemaFields<Operation>.OptionalRecord(
            "canary", Canary, new() { Path = string.Empty }, r => r.Canary, (r, v) => r with { Canary = v }, "path"),
        SchemaFields<Operation>.Names("uses", r => r.Uses, (r, v) => r with { Uses = v }),
        SchemaFields<Operation>.Optional("maximumAge", r => r.MaximumAge, (r, v) => r with { MaximumAge = v }));

    private static readonly RecordSchema<OperationLimits> OperationLimits = new(
        SchemaFields<OperationLimits>.Of("degradedShare", r => r.DegradedShare, (r, v) => r with { DegradedShare = v }),
        SchemaFields<OperationLimits>.Of("failingShare", r => r.FailingShare, (r, v) => r with { FailingShare = v }),
        SchemaFields<OperationLimits>.Of("minimumCount", r => r.MinimumCount, (r, v) => r with { MinimumCount = v }),
        SchemaFields<OperationLimits>.Of("consecutiveFailures", r => r.ConsecutiveFailures, (r, v) => r with { ConsecutiveFailures = v }),
        SchemaFields<OperationLimits>.Of("window", r => r.Window, (r, v) => r with { Window = v }),
        SchemaFields<OperationLimits>.Of("windowCount", r => r.WindowCount, (r, v) => r with { WindowCount = v }));

    private static readonly RecordSchema<WatchdogLimits> Watchdog = new(
        SchemaFields<WatchdogLimits>.Of("stuckRequestAge", r => r.StuckRequestAge, (r, v) => r with { StuckRequestAge = v }),
        SchemaFields<WatchdogLimits>.Of("stuckRequestCount", r => r.StuckRequestCount, (r, v) => r with { StuckRequestCount = v }),
        SchemaFields<WatchdogLimits>.Of("threadPoolDelay", r => r.ThreadPoolDelay, (r, v) => r with { ThreadPoolDelay = v }),
        SchemaFields<WatchdogLimits>.Of("poolWait", r => r.PoolWait, (r, v) => r with { PoolWait = v }),
        SchemaFields<WatchdogLimits>.Of("errorRatio", r => r.ErrorRatio, (r, v) => r with { ErrorRatio = v }),
        SchemaFields<WatchdogLimits>.Of("errorWindow", r => r.ErrorWindow, (r, v) => r with { ErrorWindow = v }),
        SchemaFields<WatchdogLimits>.Of("errorMinimumVolume", r => r.ErrorMinimumVolume, (r, v) => r with { ErrorMinimumVolume = v }),
        SchemaFields<WatchdogLimits>.Of("readmissionDelay", r => r.ReadmissionDelay, (r, v) => r with { ReadmissionDelay = v }),
        SchemaFields<WatchdogLimits>.Of(
            "maximumReadmissionDelay", r => r.MaximumReadmissionDelay, (r, v) => r with { MaximumReadmissionDelay = v }),
        SchemaFields<WatchdogLimits>.Of("livenessLimit", r => r.LivenessLimit, (r, v) => r with { LivenessLimit = v }));

    private static readonly RecordSchema<CanarySettings> OldCanary = new(
        SchemaFields<CanarySettings>.Optional("route", r => r.Route, (r, v) => r with { Route = v }),
        SchemaFields<CanarySettings>.Of("interval", r => r.Interval, (r, v) => r with { Interval = v }),
        SchemaFields<CanarySettings>.Of("timeout", r => r.Timeout, (r, v) => r with { Timeout = v }),
        SchemaFields<CanarySettings>.Of("failureThreshold", r => r.FailureThreshold, (r, v) => r with { FailureThreshold = v }));

    private static readonly RecordSchema<DrainSettings> Drain = new(
        SchemaFields<DrainSettings>.Of("propagation", r => r.Propagation, (r, v) => r with { Propagation = v }),
        SchemaFields<DrainSettings>.Of("deregistrationDelay", r => r.DeregistrationDelay, (r, v) => r with { DeregistrationDelay = v }),
        SchemaFields<DrainSettings>.Of("requestTimeout", r => r.RequestTimeout, (r, v) => r with { RequestTimeout = v }),
        SchemaFields<DrainSettings>.Of("preStop", r => r.PreStop, (r, v) => r with { PreStop = v }),
        SchemaFields<DrainSettings>.Of("hold", r => r.Hold, (r, v) => r with { Hold = v }),
        SchemaFields<DrainSettings>.Of("terminationGrace", r => r.TerminationGrace, (r, v) => r with { TerminationGrace = v }),
        SchemaFields<DrainSettings>.Of("margin", r => r.Margin, (r, v) => r with { Margin = v }));

    private static readonly RecordSchema<RoutingPolicy> Routing = new(
        SchemaFields<RoutingPolicy>.Choice("onSharedFailure", r => r.OnSharedFailure, (r, v) => r with { OnSharedFailure = v }),
        SchemaFields<RoutingPolicy>.Of(
            "minimumHealthyTargets", r => r.MinimumHealthyTargets, (r, v) => r with { MinimumHealthyTargets = v }));

    /// <summary>The whole contract.</summary>
    internal static RecordSchema<HealthContract> Contract { get; } = new(
        SchemaVersion,
        SchemaFields<HealthContract>.Of("port", r => r.Port, (r, v) => r with { Port = v }),
        SchemaFields<HealthContract>.Of("managementPort", r => r.ManagementPort, (r, v) => r with { ManagementPort = v }),
        SchemaFields<HealthContract>.Record("paths", Paths, r => r.Paths, (r, v) => r with { Paths = v }),
        SchemaFields<HealthContract>.Record("balancer", Balancer, r => r.Balancer, (r, v) => r with { Balancer = v }),
        SchemaFields<HealthContract>.Record("readiness", Probe, r => r.Readiness, (r, v) => r with { Readiness = v }),
        SchemaFields<HealthContract>.Record("liveness", Probe, r => r.Liveness, (r, v) => r with { Liveness = v }),
        SchemaFields<HealthContract>.Record("startup", Probe, r => r.Startup, (r, v) => r with { Startup = v }),
        SchemaFields<HealthContract>.Of("startupLimit", r => r.StartupLimit, (r, v) => r with { StartupLimit = v }),
        SchemaFields<HealthContract>.Record("budget", Budget, r => r.Budget, (r, v) => r with { Budget = v }),
        SchemaFields<HealthContract>.Of("freshness", r => r.Freshness, (r, v) => r with { Freshness = v }),
        SchemaFields<HealthContract>.List(
            "dependencies",
            Dependency,
            new() { Name = string.Empty, Kind = string.Empty },
            r => r.Dependencies,
            (r, v) => r with { Dependencies = v },
            "name",
            "kind"),
        SchemaFields<HealthContract>.List(
            "operations", Operation, new() { Name = string.Empty }, r => r.Operations, (r, v) => r with { Operations = v }, "name"),
        SchemaFields<HealthContract>.Record(
            "operationLimits", OperationLimits, r => r.OperationLimits, (r, v) => r with { OperationLimits = v }),
        SchemaFields<HealthContract>.Of("minimumDiskFree", r => r.MinimumDiskFree, (r, v) => r with { MinimumDiskFree = v }),
        SchemaFields<HealthContract>.Record("watchdog", Watchdog, r => r.Watchdog, (r, v) => r with { Watchdog = v }),
        SchemaFields<HealthContract>.Record("canary", OldCanary, r => r.Canary, (r, v) => r with { Canary = v }),
        SchemaFields<HealthContract>.Record("drain", Drain, r => r.Drain, (r, v) => r with { Drain = v }),
        SchemaFields<HealthContract>.Record("routing", Routing, r => r.Routing, (r, v) => r with { Routing = v }));

    // It belongs to the text, not to the contract: each writer writes its own version.
    private static SchemaField<HealthContract> SchemaVersion => new(
        "schemaVersion",
        _ => JsonValue.Create(ContractJson.SchemaVersion),
        (contract, node, context) =>
        {
            if (node is not JsonValue value || !value.TryGetValue<int>(out var version) || version < 1)
            {
                context.Mismatch(node, $"a whole number from 1 to {ContractJson.SchemaVersion}");
            }
            else if (version > ContractJson.SchemaVersion && context.Ignored is null)
            {
                context.Violations.Add(new(
                    "CT010",
                    context.Path,
                    $"{version}",
                    $"at most {ContractJson.SchemaVersion}",
                    "It was written for a newer version of Candor, in which a key may mean something else.",
                    "Use that version, or write the contract for this one."));
            }

            return contract;
        });
}
