using Candor.Chaos.Injection;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>Mistakes of the app itself, made by switches of the sample service (tests/SampleApp): Orders has none.</summary>
internal static class AppFaults
{
    private static readonly TimeSpan _halfMinute = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Effect> _all = new() { [Operations.Place] = Effect.Broken, [Operations.Read] = Effect.Broken, [Operations.List] = Effect.Broken };

    private static readonly Dictionary<string, Effect> _reading = new() { [Operations.Read] = Effect.Broken };

    public static IReadOnlyList<Fault> All { get; } =
    [
        Of("F205", "hold-connections", "Handlers keep every connection of the pool.", _all, new()
        {
            Says = Verdict.NotReady, Because = ["pool saturated"], NotBecause = ["database: .*dependency down"], Within = TimeSpan.FromSeconds(15),
        }),
        Of("F209", "deadlock", "Handlers wait for each other for ever; the health endpoint itself is fine.", _all, new()
        {
            // What no canary asks for is known to be well when users are back, and those wait for the balancer.
            Says = Verdict.NotReady, Because = ["stuck", "canary"], Within = _halfMinute, RecoversWithin = _halfMinute,
        }),
        Of("F210", "block-threads", "Handlers wait synchronously, and every thread of the pool is blocked.", _all, new()
        {
            Says = Verdict.NotReady, Because = ["thread-pool: ", "stuck"], Within = TimeSpan.FromSeconds(15), RecoversWithin = TimeSpan.FromSeconds(15), RestartHelps = true,
        }),
        Of("F211", "fail-reads", "A bug in one code path: every read of an order answers 500.", _reading, new()
        {
            Says = Verdict.Trouble, Because = ["error ratio", "canary", "read-order", "GET /orders/"], Within = _halfMinute, RecoversWithin = _halfMinute,
        }),
        Of("F212", "hang-check", "A check hangs and ignores its token.", new Dictionary<string, Effect>(), new()
        {
            Says = Verdict.NotReady, Because = ["hanging: .*timed out"], NotBecause = ["(database|cache|queue): "], Within = DatabaseFaults.OneEvaluation,
        }),
        Of("F217", "fail-places", "A bug in one route: every new order answers 500, all else is fine.", new Dictionary<string, Effect> { [Operations.Place] = Effect.Broken }, new()
        {
            Says = Verdict.Trouble, Because = ["place-order: ", "POST /orders"], Within = TimeSpan.FromSeconds(15), RecoversWithin = _halfMinute,
        }),
        Of("N307", "shed", "More load than the instance can serve: half of it is shed with 503 and Retry-After.",
            new Dictionary<string, Effect> { [Operations.Place] = Effect.Partly, [Operations.Read] = Effect.Partly, [Operations.List] = Effect.Partly },
            new() { Says = Verdict.Degraded, Because = ["shed", "load", "busy", "overload"], Within = _halfMinute, RecoversWithin = _halfMinute }),
    ];

    private static Fault Of(string id, string name, string title, Dictionary<string, Effect> users, Expectation health) => new()
    {
        Id = id,
        Variant = name,
        Family = FaultFamily.App,
        To = Subject.EveryReplica,
        Service = ServiceKind.Sample,
        Title = title,
        Injections = [new Switch(name)],
        Users = users,
        Health = health,
    };
}
