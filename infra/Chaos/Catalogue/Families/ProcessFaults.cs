using Candor.Chaos.Injection;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>One process has less than it needs.</summary>
internal static class ProcessFaults
{
    private static readonly string[] _dependencies = ["(database|cache|queue): .*(down|timed out|circuit open)"];

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F208", Family = FaultFamily.Process, To = Subject.EveryReplica,
            Title = "The disk has less than 5 % free.",
            Injections = [new FullDisk()],
            Health = new() { Says = Verdict.NotReady, Because = ["disk: ", "health: .*disk"], Within = DatabaseFaults.OneEvaluation },
        },
        new()
        {
            Id = "F215", Family = FaultFamily.Process, To = Subject.OneReplica, Representative = true,
            Title = "One replica is stopped and goes on.",
            Injections = [new Pause()],
            Users = SetupFaults.Everything(Effect.Any),
            Lasts = TimeSpan.FromSeconds(50),
            Health = new() { Says = Verdict.Either, Whose = Whose.Victim, NotBecause = _dependencies, Ejects = true, RecoversWithin = TimeSpan.FromSeconds(10), RestartHelps = true },
        },
        new()
        {
            Id = "F226", Variant = "descriptors", Family = FaultFamily.Process, To = Subject.OneReplica,
            Title = "One replica can open nothing more: its descriptors are used up.",
            Injections = [new Descriptors(Left: 0)],
            Users = SetupFaults.Everything(Effect.Any),
            Health = new() { Says = Verdict.Trouble, Whose = Whose.Victim, Because = ["descriptor", "open files"], NotBecause = _dependencies, Within = TimeSpan.FromSeconds(15), RecoversWithin = TimeSpan.FromSeconds(15), RestartHelps = true },
        },
        new()
        {
            Id = "F226", Variant = "processor", Family = FaultFamily.Process, To = Subject.OneReplica,
            Title = "One replica gets a twentieth of a processor.",
            Injections = [new Processor(Percent: 5)],
            Users = SetupFaults.Everything(Effect.Any),
            Health = new() { Says = Verdict.Trouble, Whose = Whose.Victim, Because = ["processor", "cpu", "thread-pool", "starv", "throttl"], NotBecause = _dependencies, Within = TimeSpan.FromSeconds(30), RecoversWithin = TimeSpan.FromSeconds(15), RestartHelps = true },
        },
    ];
}
