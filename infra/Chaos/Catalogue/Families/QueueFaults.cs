using Candor.Chaos.Injection;
using Candor.Local;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>The queue is away, refuses, or nobody works on it. No order may be lost.</summary>
internal static class QueueFaults
{
    private static readonly TimeSpan _quarterMinute = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, Effect> _background = new() { [Operations.Deliver] = Effect.Any, [Operations.Process] = Effect.Any };

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F207", Variant = "down", Family = FaultFamily.Queue, To = Subject.Dependency, Representative = true,
            Title = "The queue is down.",
            Injections = [new Link("queue", LinkMode.Refused)],
            Users = _background,
            Health = Degraded("queue: .*(down|refused|circuit open)"),
        },
        new()
        {
            Id = "F207", Variant = "silent", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The queue is silent.",
            Injections = [new Link("queue", LinkMode.Silent)],
            Users = _background,
            Health = Degraded("queue: .*(down|timed out|deadline|circuit open)"),
        },
        new()
        {
            Id = "F207", Variant = "backlog", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "Processing an order takes 1 s, and 2,000 messages wait.",
            Injections = [DatabaseFaults.Trigger("before update on orders", "perform pg_sleep({seconds:1}); return new"), new Messages(2000)],
            Users = _background,
            Health = Degraded("queue: .*backlog") with { RecoversWithin = TimeSpan.FromSeconds(30) },
        },
        new()
        {
            Id = "F221", Variant = "failing", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "Processing an order fails, every time.",
            Injections = [DatabaseFaults.Trigger("before update on orders", "raise exception 'refused' using errcode = '23514'")],
            Users = new Dictionary<string, Effect> { [Operations.Process] = Effect.Broken },
            Lasts = TimeSpan.FromSeconds(120),
            Health = Background(Operations.Process, TimeSpan.FromSeconds(75)),
        },
        new()
        {
            Id = "F221", Variant = "hanging", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "Processing an order never ends.",
            Injections = [DatabaseFaults.Trigger("before update on orders", "perform pg_sleep(30); return new")],
            Users = new Dictionary<string, Effect> { [Operations.Process] = Effect.Broken, [Operations.Place] = Effect.Any, [Operations.Read] = Effect.Any, [Operations.List] = Effect.Any, [Operations.Deliver] = Effect.Any },
            Lasts = TimeSpan.FromSeconds(120),
            Health = Background(Operations.Process, TimeSpan.FromSeconds(75)),
        },
        new()
        {
            Id = "F221", Variant = "outbox", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The outbox cannot be worked on: orders are accepted and go nowhere.",
            Injections = [DatabaseFaults.Trigger("before update or delete on outbox", "raise exception 'refused' using errcode = '23514'")],
            Users = new Dictionary<string, Effect> { [Operations.Deliver] = Effect.Broken, [Operations.Process] = Effect.Any },
            Lasts = TimeSpan.FromSeconds(120),
            Health = Background(Operations.Deliver, TimeSpan.FromSeconds(45)),
        },
        new()
        {
            Id = "F222", Variant = "deleted", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The queue is deleted, with what waits in it.",
            Injections = [new Rabbit("?delete_queue orders", string.Empty)],
            Users = _background,
            Lasts = _quarterMinute,
            Health = new() { Says = Verdict.Either, Whose = Whose.Nobody, RecoversWithin = TimeSpan.FromSeconds(10) },
        },
        new()
        {
            Id = "F222", Variant = "made-again", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The queue is deleted and made again at once, by somebody else.",
            Injections = [new Rabbit(
                "?delete_queue orders\neval rabbit_amqqueue:declare(rabbit_misc:r(<<\"/\">>,queue,<<\"orders\">>),true,false,[{<<\"x-dead-letter-exchange\">>,longstr,<<\"\">>},{<<\"x-dead-letter-routing-key\">>,longstr,<<\"orders.rejected\">>}],none,<<\"chaos\">>).",
                string.Empty)],
            Users = _background,
            Lasts = _quarterMinute,
            Health = new() { Says = Verdict.Either, Whose = Whose.Nobody, RecoversWithin = TimeSpan.FromSeconds(10) },
        },
        new()
        {
            Id = "F223", Variant = "alarm", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The broker is short of memory and takes nothing from who publishes.",
            Injections = [new Rabbit("set_vm_memory_high_watermark 0.00001", "set_vm_memory_high_watermark 0.4")],
            Users = _background,
            Health = Degraded("(queue|deliver-outbox): .*(alarm|blocked|memory)"),
        },
        new()
        {
            Id = "F223", Variant = "reject-policy", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "A policy rejects what is published.",
            Injections = [new Rabbit("set_policy chaos ^orders$ {\"max-length\":0,\"overflow\":\"reject-publish\"} --apply-to queues", "?clear_policy chaos")],
            Users = _background,
            Health = Degraded("(queue|deliver-outbox): .*(nack|reject|refus|confirm)"),
        },
        new()
        {
            Id = "F223", Variant = "permission", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The service's user may do nothing any more.",
            Injections = [new Rabbit("clear_permissions {user}\n?close_all_connections chaos", "set_permissions {user} .* .* .*")],
            Users = _background,
            Health = Degraded("(queue|deliver-outbox|process-orders): .*(403|530|permission|access)"),
        },
        new()
        {
            Id = "F223", Variant = "user-gone", Family = FaultFamily.Queue, To = Subject.Dependency,
            Title = "The service's user was deleted.",
            Injections = [new Rabbit("?delete_user {user}\n?close_all_connections chaos", "?add_user {user} {password}\nset_user_tags {user} administrator\nset_permissions {user} .* .* .*")],
            Users = _background,
            Health = Degraded("(queue|deliver-outbox|process-orders): .*(authentication|403|530|access)"),
        },
    ];

    private static Expectation Degraded(string because) => new()
    {
        Says = Verdict.Degraded,
        Because = [because],
        NotBecause = ["(database|cache): "],
        Within = _quarterMinute,
        RecoversWithin = _quarterMinute,
    };

    /// <summary>Background work stands still: which, and since when. Within the age that an item may reach by the contract, and a look at it.</summary>
    private static Expectation Background(string operation, TimeSpan within) => new()
    {
        Says = Verdict.Trouble,
        Because = [$"{operation}: .*oldestAge"],
        Within = within,
        RecoversWithin = TimeSpan.FromSeconds(30),
    };
}
