using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

/// <summary>Makes contracts: valid by construction, or with every number drawn at random.</summary>
internal static class ContractGenerator
{
    internal static Arbitrary<HealthContract> Valid { get; } = Arb.From(
        from deadline in Milliseconds(100, 5_000)
        from margin in Milliseconds(0, 1_000)
        from freshness in Milliseconds(1, 3_000)
        let timeout = Ceiling(TimeSpan.FromSeconds(Math.Max(
            2, Math.Max((deadline + margin).TotalSeconds + 0.001, (deadline + freshness).TotalSeconds))))
        from intervalAbove in Gen.Choose(1, 30)
        let interval = TimeSpan.FromSeconds(Math.Max(5, timeout.TotalSeconds + intervalAbove))
        from healthy in Gen.Choose(2, 10)
        from unhealthy in Gen.Choose(2, 10)
        from codes in Gen.Elements("200", "200,204", "200-299", "200-499")
        from idle in Seconds(1, 4000)
        from readiness in Probe(deadline + margin)
        from liveness in Probe(deadline + margin)
        from startup in Probe(deadline + margin)
        from startupLimit in Gen.Choose(1, (int)(startup.Period * startup.FailureThreshold).TotalSeconds)
        from dependencies in Gen.ListOf(Dependency(deadline))
        from ports in Gen.Choose(1, 65_000)
        from paths in Gen.Elements(
            new HealthPaths(), new HealthPaths { Liveness = "/live", Readiness = "/ready", Startup = "/a/b-c_d.e~f" })
        from route in Gen.Elements(null, "/orders?limit=1", "/")
        from shared in Gen.Elements(Enum.GetValues<SharedFailure>())
        from drain in Drain
        from ratio in Gen.Choose(1, 100)
        from operations in Gen.ListOf(Operation([.. dependencies.Select(d => d.Name).Distinct()]))
        from limits in Limits
        select new HealthContract
        {
            Port = ports,
            ManagementPort = ports + 1,
            Paths = paths,
            Balancer = new()
            {
                Interval = interval,
                Timeout = timeout,
                HealthyThreshold = healthy,
                UnhealthyThreshold = unhealthy,
                HealthyCodes = codes,
                IdleTimeout = idle,
                KeepAlive = idle + TimeSpan.FromMilliseconds(1),
            },
            Readiness = readiness,
            Liveness = liveness with { SuccessThreshold = 1 },
            Startup = startup with { SuccessThreshold = 1 },
            StartupLimit = TimeSpan.FromSeconds(startupLimit),
            Budget = new() { Deadline = deadline, Margin = margin },
            Freshness = freshness,
            Dependencies = [.. dependencies.DistinctBy(d => d.Name)],
            Operations = [.. operations
                .DistinctBy(o => o.Name)
                .DistinctBy(o => o.Route ?? o.Name)
                .Select(o => o with
                {
                    LatencyLimit = o.LatencyLimit is { } limit && limit >= drain.RequestTimeout ? null : o.LatencyLimit,
                })],
            OperationLimits = limits,
            MinimumDiskFree = Math.Min(0.99, ratio / 100.0),
            Watchdog = new() { ErrorRatio = ratio / 100.0 },
            Canary = new() { Route = route },
            Drain = drain,
            Routing = new() { OnSharedFailure = shared, MinimumHealthyTargets = healthy },
        });

    /// <summary>Contracts whose numbers are mostly wrong in some way: each is drawn alone.</summary>
    internal static Arbitrary<HealthContract> Any { get; } = Arb.From(
        from numbers in Gen.ListOf(Gen.Choose(-3, 120), 30)
        from valid in Valid.Generator
        from duration in Gen.Elements(TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond * 700, TimeSpan.TicksPerDay, 1)
        let values = numbers.ToArray()
        let time = (Func<int, TimeSpan>)(i => TimeSpan.FromTicks(values[i] * duration))
        select valid with
        {
            Port = values[0] * 1000,
            ManagementPort = values[1] * 1000,
            Balancer = valid.Balancer with
            {
                Interval = time(2),
                Timeout = time(3),
                HealthyThreshold = values[4],
                UnhealthyThreshold = values[5],
                IdleTimeout = time(6),
                KeepAlive = time(7),
            },
            Readiness = new()
            {
                InitialDelay = time(8),
                Period = time(9),
                Timeout = time(10),
                FailureThreshold = values[11],
                SuccessThreshold = values[12],
            },
            Startup = new() { InitialDelay = time(13), Period = time(14), Timeout = time(15), FailureThreshold = values[16] },
            StartupLimit = time(17),
            Budget = new() { Deadline = time(18), Margin = time(19) },
            Freshness = time(20),
            Drain = new()
            {
                Propagation = time(21),
                DeregistrationDelay = time(22),
                RequestTimeout = time(23),
                PreStop = time(24),
                Hold = time(25),
                TerminationGrace = time(26),
                Margin = time(27),
            },
            Operations = [
                .. valid.Operations.Select(o => o with { LatencyLimit = time(0), MaximumAge = time(1), Uses = [.. o.Uses, "nothing"] })],
            OperationLimits = new()
            {
                DegradedShare = values[2] / 50.0,
                FailingShare = values[3] / 50.0,
                MinimumCount = values[4],
                ConsecutiveFailures = values[5],
                Window = time(6),
                WindowCount = values[7],
            },
            Canary = valid.Canary with { Interval = time(28), Timeout = time(29), FailureThreshold = values[0] },
        });

    private static Gen<DrainSettings> Drain { get; } =
        from propagation in Seconds(0, 30)
        from request in Seconds(1, 120)
        from deregistrationAbove in Seconds(0, 120)
        from preStop in Seconds(0, 20)
        from holdAbove in Seconds(0, 30)
        from margin in Seconds(0, 10)
        let leaving = propagation + request + deregistrationAbove + holdAbove
        select new DrainSettings
        {
            Propagation = propagation,
            RequestTimeout = request,
            DeregistrationDelay = request + deregistrationAbove,
            PreStop = preStop,
            Hold = leaving,
            Margin = margin,
            TerminationGrace = preStop + leaving + request + margin,
        };

    internal static Gen<TimeSpan> Milliseconds(int from, int to) => Gen.Choose(from, to).Select(n => TimeSpan.FromMilliseconds(n));

    internal static Gen<TimeSpan> Seconds(int from, int to) => Gen.Choose(from, to).Select(n => TimeSpan.FromSeconds(n));

    private static Gen<ProbeSettings> Probe(TimeSpan budget) =>
        from delay in Seconds(0, 60)
        from above in Seconds(0, 20)
        from failures in Gen.Choose(1, 20)
        from successes in Gen.Choose(1, 3)
        let timeout = Ceiling(budget + TimeSpan.FromMilliseconds(1))
        select new ProbeSettings
        {
            InitialDelay = delay,
            Timeout = timeout,
            Period = timeout + above,
            FailureThreshold = failures,
            SuccessThreshold = successes,
        };

    private static Gen<Dependency> Dependency(TimeSpan deadline) =>
        from name in Gen.Elements("database", "cache", "queue", "a", "b-2")
        from kind in Gen.Elements(DependencyKind.Known.AsEnumerable())
        from importance in Gen.Elements(Enum.GetValues<DependencyImportance>())
        from scope in Gen.Elements(Enum.GetValues<DependencyScope>())
        from timeout in Gen.Choose(1, (int)deadline.TotalMilliseconds)
        from port in Gen.Elements<int?>(null, 1, 65535)
        select new Dependency
        {
            Name = name,
            Kind = kind,
            Importance = importance,
            Scope = scope,
            Timeout = TimeSpan.FromMilliseconds(timeout),
            Port = port,
            Connections = kind == DependencyKind.Postgres ? port : null,
            BacklogLimit = kind == DependencyKind.RabbitMq ? port : null,
        };

    private static Gen<OperationLimits> Limits { get; } =
        from failing in Gen.Choose(2, 100)
        from degraded in Gen.Choose(1, failing - 1)
        from count in Gen.Choose(1, 1000)
        from minimum in Gen.Choose(1, count)
        from consecutive in Gen.Choose(1, count)
        from window in Milliseconds(1_000, 600_000)
        select new OperationLimits
        {
            FailingShare = failing / 100.0,
            DegradedShare = degraded / 100.0,
            WindowCount = count,
            MinimumCount = minimum,
            ConsecutiveFailures = consecutive,
            Window = window,
        };

    private static Gen<Operation> Operation(string[] dependencies) =>
        from name in Gen.Elements("place-order", "read-order", "outbox", "a", "b-2")
        from route in Gen.Elements(null, "POST /orders", "GET /orders/{id:guid}", "GET /", "DELETE /a/{b?}", "GET /files/{**rest}")
        from critical in Gen.Elements(true, false)
        from time in Gen.Choose(1, 600_000)
        from some in Gen.Elements(true, false)
        from uses in Gen.SubListOf(dependencies)
        from body in Gen.Elements(null, "{}", """{"a":"\u00e9\"<"}""")
        let duration = TimeSpan.FromMilliseconds(time)
        let path = route is null
            ? null
            : OperationRouteText.Split(route)!.Value.Template.Replace("{id:guid}", "7?x=%20&y", StringComparison.Ordinal)
            .Replace("{b?}", "b", StringComparison.Ordinal).Replace("{**rest}", "c/d", StringComparison.Ordinal)
        select new Operation
        {
            Name = name,
            Route = route,
            Critical = critical,
            LatencyLimit = some && route is not null ? duration : null,
            MaximumAge = some && route is null ? duration : null,
            Uses = [.. uses],
            Canary = some && path is not null
                ? new()
                {
                    Path = path,
                    Body = route!.StartsWith("POST", StringComparison.Ordinal) ? body : null,
                    Interval = duration + TimeSpan.FromMilliseconds(1),
                    Timeout = duration,
                    FailureThreshold = time % 5 + 1,
                }
                : null,
        };

    private static TimeSpan Ceiling(TimeSpan duration) => TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds));
}
