using Candor.Chaos.Injection;
using Candor.Local;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>The cache is away, or of no use. Users must not notice.</summary>
internal static class CacheFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F206", Variant = "down", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "The cache is down.",
            Injections = [new Link("cache", LinkMode.Refused)],
            Health = Degraded("cache: .*(down|refused|circuit open)"),
        },
        new()
        {
            Id = "F206", Variant = "silent", Family = FaultFamily.Cache, To = Subject.Dependency, Representative = true,
            Title = "The cache is silent.",
            Injections = [new Link("cache", LinkMode.Silent)],
            Health = Degraded("cache: .*(down|timed out|deadline|circuit open)"),
        },
        new()
        {
            Id = "F224", Variant = "full", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "The cache is full and evicts nothing.",
            Injections = [new Redis("config set maxmemory-policy noeviction\nconfig set maxmemory 1", "config set maxmemory 0")],
            Health = Degraded("cache: .*(full|OOM|memory)"),
        },
        new()
        {
            Id = "F224", Variant = "read-only", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "The cache has become a replica: it can only be read.",
            Injections = [new Redis("replicaof 127.0.0.1 1", "replicaof no one")],
            Health = Degraded("cache: .*(read-only|READONLY|replica)"),
        },
        new()
        {
            Id = "F224", Variant = "wrong-type", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "Every entry of an order is a list.",
            Injections = [new RedisAgain(SpoiltEntry.WrongType)],
            Health = Degraded("cache: .*(type|WRONGTYPE|entry|entries)"),
        },
        new()
        {
            Id = "F224", Variant = "empty", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "Every entry of an order is empty.",
            Injections = [new RedisAgain(SpoiltEntry.Empty)],
            Health = Degraded("cache: .*(entry|entries|invalid|poison)"),
        },
        new()
        {
            Id = "F224", Variant = "fields", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "Every entry of an order is JSON without an order's fields.",
            Injections = [new RedisAgain(SpoiltEntry.Fields)],
            Health = Degraded("cache: .*(entry|entries|invalid|poison)"),
        },
        new()
        {
            Id = "F224", Variant = "other-order", Family = FaultFamily.Cache, To = Subject.Dependency,
            Title = "Every entry of an order is another order.",
            Injections = [new RedisAgain(SpoiltEntry.OtherOrder)],
            Health = Degraded("cache: .*(entry|entries|invalid|poison)"),
        },
    ];

    private static Expectation Degraded(string because) => new()
    {
        Says = Verdict.Degraded,
        Because = [because],
        NotBecause = ["(database|queue): "],
        Within = TimeSpan.FromSeconds(15),
        RecoversWithin = TimeSpan.FromSeconds(15),
    };
}
