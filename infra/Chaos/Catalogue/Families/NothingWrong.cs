using Candor.Chaos.Injection;
using Candor.Local;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>Situations in which nothing is wrong, or not for long enough to matter.</summary>
internal static class NothingWrong
{
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "N301", Family = FaultFamily.Nothing, To = Subject.Stack,
            Title = "Full load, for long.",
            Injections = [], Rate = 100, Lasts = TimeSpan.FromSeconds(120), Health = Expectation.Nothing,
        },
        new()
        {
            Id = "N302", Family = FaultFamily.Nothing, To = Subject.Stack,
            Title = "A rolling update under load.",
            Injections = [new Rollout()], Lasts = TimeSpan.FromSeconds(5), Health = Expectation.Nothing with { RestartHelps = true },
        },
        new()
        {
            Id = "N303", Family = FaultFamily.Nothing, To = Subject.Network,
            Title = "One new connection in a hundred to a replica is refused, probes among them.",
            Injections = [new ProbeLoss(Percent: 1)], Lasts = TimeSpan.FromSeconds(120), Health = Expectation.Nothing, Users = SetupFaults.Everything(Effect.Any),
        },
        new()
        {
            Id = "N308", Family = FaultFamily.Nothing, To = Subject.EveryReplica,
            Title = "The processes stand still for 12 s and go on.",
            Injections = [new Pause(Every: true, ForSeconds: 12)], Users = SetupFaults.Everything(Effect.Any), Lasts = TimeSpan.FromSeconds(30), Health = Expectation.Nothing,
        },
        new()
        {
            Id = "N310", Variant = "newer", Family = FaultFamily.Nothing, To = Subject.Stack,
            Title = "A stack one version newer: the contract has a key that the image does not know.",
            Injections = [new OtherPlan(PlanChange.UnknownKey)], Lasts = TimeSpan.FromSeconds(5), Health = Expectation.Nothing with { RecoversWithin = TimeSpan.FromSeconds(60) },
        },
        new()
        {
            Id = "N310", Variant = "older", Family = FaultFamily.Nothing, To = Subject.Stack,
            Title = "A stack one version older: the contract lacks what this image has.",
            Injections = [new OtherPlan(PlanChange.OlderContract)], Lasts = TimeSpan.FromSeconds(5), Health = Expectation.Nothing with { RecoversWithin = TimeSpan.FromSeconds(60) },
        },
        new()
        {
            Id = "N311", Variant = "database-stop", Family = FaultFamily.Nothing, To = Subject.Dependency,
            Title = "The database stops for 0.8 s.",
            Injections = [new Brief(new Link("database", LinkMode.Silent), Seconds: 0.8)], Users = SetupFaults.Everything(Effect.Any), Lasts = _short, Health = Expectation.Nothing,
        },
        new()
        {
            Id = "N311", Variant = "one-statement", Family = FaultFamily.Nothing, To = Subject.Dependency,
            Title = "One statement fails.",
            Injections = [new Sql(
                "create sequence chaos_once; create or replace function chaos() returns trigger language plpgsql as $body$ begin "
                + "if nextval('chaos_once') = 1 then raise exception 'refused' using errcode = '40001'; end if; return new; end $body$; "
                + "create trigger chaos before insert on orders for each row execute function chaos()",
                "drop trigger if exists chaos on orders; drop function if exists chaos(); drop sequence if exists chaos_once")],
            Users = new Dictionary<string, Effect> { [Operations.Place] = Effect.Any }, Lasts = _short, Health = Expectation.Nothing,
        },
        new()
        {
            Id = "N311", Variant = "collection", Family = FaultFamily.Nothing, To = Subject.OneReplica,
            Title = "One replica stands still for 500 ms, as in a long garbage collection.",
            Injections = [new Pause(ForSeconds: 0.5)], Lasts = _short, Health = Expectation.Nothing,
        },
    ];
}
