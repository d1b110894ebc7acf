using Candor.Chaos.Injection;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>Clients that do what they should not. Nothing of it is the service's fault, and health says nothing.</summary>
internal static class ClientFaults
{
    private static readonly TimeSpan _lasts = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Fault> All { get; } =
    [
        Of("N304", "", "A thousand probers ask at once.", new Strangers(StrangerKind.Probers, 1000)),
        Of("N305", "", "A client sends only bad requests.", new Strangers(StrangerKind.BadRequests, 4)),
        Of("N306", "slow-uploads", "Bodies come a byte at a time.", new Strangers(StrangerKind.SlowUploads, 40)) with { Lasts = TimeSpan.FromSeconds(60) },
        Of("N306", "slow-readers", "Answers are read a byte at a time.", new Strangers(StrangerKind.SlowReaders, 40)),
        Of("N306", "cancelled", "Requests are cancelled before they are answered.", new Strangers(StrangerKind.Cancelled, 10)),
        Of("N306", "cut-bodies", "Connections are reset in the middle of a body.", new Strangers(StrangerKind.CutBodies, 10)),
        Of("N309", "", "Hostile bodies, names and headers.", new Strangers(StrangerKind.Hostile, 4)),
        Of("N311", "burst", "Ten times the traffic for a moment.", new Strangers(StrangerKind.Burst, 10)) with { Lasts = TimeSpan.FromSeconds(15) },
    ];

    private static Fault Of(string id, string variant, string title, Inject inject) => new()
    {
        Id = id,
        Variant = variant,
        Family = FaultFamily.Clients,
        To = Subject.Clients,
        Title = title,
        Injections = [inject],
        Lasts = _lasts,
        Health = Expectation.Nothing,
        Representative = id == "N305",
    };
}
