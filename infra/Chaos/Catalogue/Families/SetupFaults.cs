using Candor.Chaos.Injection;

namespace Candor.Chaos.Catalogue.Families;

/// <summary>
/// F101–F108: probes fail although the app is fine. Lint refuses most of them before anything is deployed; what is made here is what
/// a running stack can have. F107 cannot be made: probes are answered before the app's middleware (decision 101).
/// </summary>
internal static class SetupFaults
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(45);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new()
        {
            Id = "F101", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "The target group probes port 8081, on which nobody listens.",
            Injections = [new OtherPlan(PlanChange.ProbePort)],
            Health = Balancer("8081|refused|connect"),
        },
        new()
        {
            Id = "F102", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "No security group rule admits the balancer to the pods.",
            Injections = [new OtherPlan(PlanChange.NoSecurityRule)],
            Users = Everything(Effect.Any),
            Health = Balancer("no connection within the timeout"),
        },
        new()
        {
            Id = "F103", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "A new version is rolled out with a connection string that cannot be read: it ends at its start.",
            Injections = [new OtherPlan(PlanChange.BadSetting)],
            Health = Balancer("exit code 2") with { RestartHelps = true },
        },
        new()
        {
            Id = "F104", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "The target group probes a path that the app does not serve.",
            Injections = [new OtherPlan(PlanChange.ProbePath)],
            Health = Balancer("404"),
        },
        new()
        {
            Id = "F105", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "The target group waits for less time than an answer takes.",
            Injections = [new OtherPlan(PlanChange.ProbeTimeout)],
            Health = Balancer("timeout|timed out|no answer"),
        },
        new()
        {
            Id = "F106", Family = FaultFamily.Setup, To = Subject.Stack,
            Title = "A new version listens on loopback only.",
            Injections = [new OtherPlan(PlanChange.Loopback)],
            Health = Balancer("refused|connect"),
        },
        new()
        {
            Id = "F108", Family = FaultFamily.Setup, To = Subject.OneReplica,
            Title = "One replica drains. Not a fault: it says so, and users notice nothing.",
            Injections = [new DrainOne()],
            Health = new() { Says = Verdict.Either, Whose = Whose.Victim, Because = ["draining"], RecoversWithin = TimeSpan.FromSeconds(30) },
        },
    ];

    /// <summary>All requests have the same effect.</summary>
    internal static Dictionary<string, Effect> Everything(Effect effect) => Operations.All.ToDictionary(operation => operation, _ => effect);

    private static Expectation Balancer(string says) => new()
    {
        Says = Verdict.Balancer,
        Whose = Whose.Nobody,
        BalancerSays = says,
        Within = _bound,
        RecoversWithin = TimeSpan.FromSeconds(30),
    };
}
