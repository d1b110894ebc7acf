using Candor.Chaos.Injection;
using Candor.Local;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>The database is away, slow, refuses, or does not do what one operation needs.</summary>
internal static class DatabaseFaults
{
    /// <summary>An answer that is reused, and the evaluation after it: freshness 1 s, deadline 2 s, margin.</summary>
    internal static readonly TimeSpan OneEvaluation = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan _quarterMinute = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _halfMinute = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Effect> _all = new()
    {
        [Operations.Place] = Effect.Broken,
        [Operations.List] = Effect.Broken,
        // A cache may still know some.
        [Operations.Read] = Effect.Any,
        [Operations.Deliver] = Effect.Any,
        [Operations.Process] = Effect.Any,
    };

    private static readonly Dictionary<string, Effect> _placing = new()
    {
        [Operations.Place] = Effect.Broken,
    };

    private static readonly Dictionary<string, Effect> _placingAndDelivering = new()
    {
        [Operations.Place] = Effect.Broken,
        [Operations.Deliver] = Effect.Any,
        [Operations.Process] = Effect.Any,
    };

    private static readonly Dictionary<string, Effect> _placingInPart = new()
    {
        [Operations.Place] = Effect.Partly,
    };

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F201", Family = FaultFamily.Database, To = Subject.Dependency, Representative = true,
            Title = "The database is down: it refuses every connection.",
            Injections = [new Link("database", LinkMode.Refused)],
            Users = _all,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*(down|refused)"], NotBecause = ["(cache|queue): "], Within = OneEvaluation },
        },
        new()
        {
            Id = "F202", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database is silent, on warm connections too.",
            Injections = [new Link("database", LinkMode.Silent)],
            Users = _all,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*(down|timed out|deadline)"], NotBecause = ["(cache|queue): "], Within = OneEvaluation },
        },
        new()
        {
            Id = "F203", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database answers after 3 s.",
            Injections = [new Link("database", LinkMode.Slow, DelaySeconds: 3)],
            Users = _all,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*(timed out|deadline)"], Within = OneEvaluation },
        },
        new()
        {
            Id = "F204", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database knows another password.",
            Injections = [new WrongPassword()],
            Users = _all,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*authentication", "database: .*28P01"], Within = OneEvaluation },
        },
        new()
        {
            Id = "F204", Variant = "connections-used-up", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "Others hold every connection that the service's role may have.",
            Injections = [new SqlSessions()],
            Users = _all,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*(53300|connection)"], Within = OneEvaluation },
        },
        new()
        {
            Id = "F213", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database is down for long enough that the service's breaker opens; it closes again by itself.",
            Injections = [new Link("database", LinkMode.Refused)],
            Users = _all,
            Lasts = _halfMinute,
            Health = new() { Says = Verdict.NotReady, Because = ["database: .*circuit open"], Within = _quarterMinute },
        },
        new()
        {
            Id = "F214", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database goes down while every replica stands still: what they knew is stale when they go on.",
            Injections = [new WhilePaused(new Link("database", LinkMode.Refused), Seconds: 12)],
            Users = _all,
            Lasts = TimeSpan.FromSeconds(20),
            Health = new() { Says = Verdict.NotReady, Because = ["database: ", "stale"], Within = TimeSpan.FromSeconds(12) + OneEvaluation },
        },
        new()
        {
            Id = "F216", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database that all share is down for longer than every prober's threshold: nobody restarts for it.",
            Injections = [new Link("database", LinkMode.Refused)],
            Users = _all,
            Lasts = TimeSpan.FromSeconds(90),
            Health = new() { Says = Verdict.NotReady, Because = ["database: "], Within = OneEvaluation, RecoversWithin = TimeSpan.FromSeconds(10) },
        },
        new()
        {
            Id = "F217", Variant = "constraint", Family = FaultFamily.Database, To = Subject.Dependency, Representative = true,
            Title = "A constraint refuses every new order.",
            Injections = [Trigger("before insert on orders", "raise exception 'refused' using errcode = '23514'")],
            Users = _placing,
            Health = Operation(Operations.Place, "23514"),
        },
        new()
        {
            Id = "F217", Variant = "renamed-table", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The outbox table was renamed.",
            Injections = [new Sql(
                "alter table outbox rename to outbox_chaos",
                "do $$ begin if to_regclass('outbox_chaos') is not null then drop table if exists outbox; alter table outbox_chaos rename to outbox; end if; end $$")],
            Users = _placingAndDelivering,
            Health = Operation(Operations.Place, "42P01"),
        },
        new()
        {
            Id = "F217", Variant = "revoked-right", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The right to insert orders was revoked.",
            Injections = [new Sql("alter role {role} nosuperuser; revoke insert on orders from {role}", "grant insert on orders to {role}; alter role {role} superuser")],
            Users = _placing,
            Health = Operation(Operations.Place, "42501"),
        },
        new()
        {
            Id = "F217", Variant = "read-only", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database became read-only, as a standby after a failover is.",
            Injections = [new Sql("alter role {role} set default_transaction_read_only = on", "alter role {role} reset default_transaction_read_only", EndSessions: true)],
            Users = _placingAndDelivering,
            Health = Operation(Operations.Place, "25006") with { RecoversWithin = TimeSpan.FromSeconds(10) },
        },
        new()
        {
            Id = "F218", Variant = "tenth", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "One new order in ten is refused.",
            Injections = [Trigger("before insert on orders", "if random() < 0.1 then raise exception 'refused' using errcode = '23514'; end if; return new")],
            Users = _placingInPart,
            Lasts = TimeSpan.FromSeconds(60),
            Health = new() { Says = Verdict.Degraded, Because = [$"{Operations.Place}: .*[0-9]+ ?%", $"{Operations.Place}: .*share"], Within = _halfMinute, RecoversWithin = _halfMinute },
        },
        new()
        {
            Id = "F218", Variant = "most", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "Six new orders in ten are refused.",
            Injections = [Trigger("before insert on orders", "if random() < 0.6 then raise exception 'refused' using errcode = '23514'; end if; return new")],
            Users = _placingInPart,
            Health = new() { Says = Verdict.Trouble, Because = [$"{Operations.Place}: .*(failing|23514)"], Within = _quarterMinute, RecoversWithin = _halfMinute },
        },
        new()
        {
            Id = "F219", Variant = "little", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "A constraint refuses every new order, of which there is one in two seconds.",
            Injections = [Trigger("before insert on orders", "raise exception 'refused' using errcode = '23514'")],
            Users = _placing,
            // One in five requests places an order.
            Rate = 2.5,
            Lasts = TimeSpan.FromSeconds(60),
            Health = Operation(Operations.Place, "23514") with { Within = _halfMinute },
        },
        new()
        {
            Id = "F219", Variant = "none", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The orders table was renamed on an idle night: nobody asks.",
            Injections = [new Sql(
                "alter table orders rename to orders_chaos",
                "do $$ begin if to_regclass('orders_chaos') is not null then drop table if exists orders cascade; alter table orders_chaos rename to orders; end if; end $$")],
            Users = SetupFaults.Everything(Effect.Any),
            Rate = 0,
            Lasts = TimeSpan.FromSeconds(60),
            Health = new() { Says = Verdict.Trouble, Because = ["42P01"], Within = _halfMinute },
        },
        new()
        {
            Id = "F220", Variant = "table-locked", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "Somebody holds a lock on the orders table.",
            Injections = [new SqlHold("lock table orders in access exclusive mode")],
            Users = _all,
            Health = Slow(),
        },
        new()
        {
            Id = "F220", Variant = "outbox-locked", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "Somebody holds a lock on the outbox: orders can be read and not placed.",
            Injections = [new SqlHold("lock table outbox in access exclusive mode")],
            Users = _placingAndDelivering,
            Health = Slow(),
        },
        new()
        {
            Id = "F220", Variant = "slow-statements", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "Every insert of an order takes 3 s.",
            Injections = [Trigger("before insert on orders", "perform pg_sleep({seconds:3}); return new")],
            Users = new Dictionary<string, Effect> { [Operations.Place] = Effect.Broken, [Operations.Read] = Effect.Any, [Operations.List] = Effect.Any },
            Health = Slow(),
        },
        new()
        {
            Id = "F227", Family = FaultFamily.Database, To = Subject.Dependency,
            Title = "The database is down three times for 15 s.",
            Injections = [new Again(new Link("database", LinkMode.Refused), Times: 3, OnSeconds: 15, OffSeconds: 15)],
            Users = new Dictionary<string, Effect>(_all) { [Operations.Place] = Effect.Partly, [Operations.List] = Effect.Partly },
            Lasts = _quarterMinute,
            Health = new() { Says = Verdict.NotReady, Because = ["database: "], Within = OneEvaluation, Flaps = 2 },
        },
    ];

    /// <summary>A trigger whose body ends every row, or lets it pass.</summary>
    internal static Sql Trigger(string when, string body)
    {
        var table = when.Split(' ')[^1];
        var end = body.Contains("return", StringComparison.Ordinal) ? string.Empty : "; return null";
        return new(
            $"create or replace function chaos() returns trigger language plpgsql as $body$ begin {body}{end}; end $body$; "
            + $"drop trigger if exists chaos on {table}; create trigger chaos {when} for each row execute function chaos()",
            $"drop trigger if exists chaos on {table}; drop function if exists chaos()");
    }

    /// <summary>One operation fails wholly: named, with the database's own code.</summary>
    private static Expectation Operation(string operation, string code) => new()
    {
        Says = Verdict.Trouble,
        Because = [$"{operation}: .*{code}", $"health: .*{operation}.*{code}"],
        Within = _quarterMinute,
        RecoversWithin = _quarterMinute,
    };

    /// <summary>Statements wait: the operation, and why, and not only that a breaker is open.</summary>
    private static Expectation Slow() => new()
    {
        Says = Verdict.Trouble,
        Because = ["lock", "statement timeout", "57014", "55P03"],
        Within = _quarterMinute,
        RecoversWithin = TimeSpan.FromSeconds(10),
    };
}
