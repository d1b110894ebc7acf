using Candor.Chaos.Injection;
using Candor.Local;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>The network between a replica and what it needs.</summary>
internal static class NetworkFaults
{
    private static readonly TimeSpan _quarterMinute = TimeSpan.FromSeconds(15);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F225", Variant = "fifth", Family = FaultFamily.Network, To = Subject.Network,
            Title = "One packet in five to or from the database resets its connection.",
            Injections = [new Link("database", LinkMode.Resetting, Share: 0.2)],
            Users = new Dictionary<string, Effect> { [Operations.Place] = Effect.Partly, [Operations.List] = Effect.Partly, [Operations.Read] = Effect.Any, [Operations.Deliver] = Effect.Any, [Operations.Process] = Effect.Any },
            Health = new() { Says = Verdict.Trouble, Because = ["database: ", "(place-order|list-orders|read-order): "], Within = _quarterMinute, RecoversWithin = _quarterMinute },
        },
        new()
        {
            Id = "F228", Family = FaultFamily.Network, To = Subject.OneReplica, Representative = true,
            Title = "One of two replicas does not reach the database.",
            Injections = [new Link("database", LinkMode.Refused, Every: false)],
            Users = new Dictionary<string, Effect> { [Operations.Place] = Effect.Partly, [Operations.List] = Effect.Partly, [Operations.Read] = Effect.Any },
            Lasts = TimeSpan.FromSeconds(60),
            Health = new() { Says = Verdict.NotReady, Whose = Whose.Victim, Because = ["database: "], Within = DatabaseFaults.OneEvaluation, Ejects = true, RecoversWithin = TimeSpan.FromSeconds(30) },
        },
        new()
        {
            Id = "F229", Variant = "half-open", Family = FaultFamily.Network, To = Subject.Network,
            Title = "A firewall lost its state: every connection to the database that was open is dead.",
            Injections = [new Link("database", LinkMode.HalfOpen)],
            Users = SetupFaults.Everything(Effect.Any),
            Lasts = TimeSpan.FromSeconds(20),
            Health = new() { Says = Verdict.Either, Whose = Whose.Nobody, RecoversWithin = TimeSpan.FromSeconds(5) },
        },
        new()
        {
            Id = "F229", Variant = "one-way", Family = FaultFamily.Network, To = Subject.Network,
            Title = "What the replicas send reaches the database, and nothing comes back.",
            Injections = [new Link("database", LinkMode.OneWay)],
            Users = new Dictionary<string, Effect> { [Operations.Place] = Effect.Broken, [Operations.List] = Effect.Broken, [Operations.Read] = Effect.Any, [Operations.Deliver] = Effect.Any, [Operations.Process] = Effect.Any },
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*(down|timed out|deadline)"], Within = DatabaseFaults.OneEvaluation, RecoversWithin = TimeSpan.FromSeconds(5) },
        },
    ];
}
