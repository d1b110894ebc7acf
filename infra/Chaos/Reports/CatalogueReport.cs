using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Planning;

namespace Candor.Chaos.Reports;

/// <summary>The catalogue for people.</summary>
internal static class CatalogueReport
{
    public static Report Of(IReadOnlyList<Fault> faults) => new(
        string.Create(CultureInfo.InvariantCulture, $"{faults.Count} faults and situations"),
        [
            .. faults.GroupBy(fault => fault.Family).Select(family => new ReportSection(
                family.Key.ToString().ToLowerInvariant(),
                [new ReportTable(null, ["name", "what is done", "undone by", "users", "health must say", "within"], [.. family.Select(Row)])])),
        ]);

    private static IReadOnlyList<ReportCell> Row(Fault fault) =>
    [
        fault.Name,
        fault.Title,
        string.Join("; ", fault.Injections.Select(inject => inject.Undone)) is { Length: > 0 } undone ? undone : ReportCell.Nothing,
        Users(fault) is { Length: > 0 } users ? users : ReportCell.Nothing,
        Says(fault.Health),
        fault.Health.Within is { } within ? string.Create(CultureInfo.InvariantCulture, $"{within.TotalSeconds:0} s") : ReportCell.Nothing,
    ];

    private static string Users(Fault fault) => string.Join(", ", fault.Users.Where(one => one.Value is Effect.Broken or Effect.Partly).Select(one => $"{one.Key}: {(one.Value == Effect.Broken ? "fails" : "fails in part")}"));

    private static string Says(Expectation health)
    {
        var says = health.Says switch
        {
            Verdict.Nothing => "nothing",
            Verdict.Degraded => "degraded",
            Verdict.NotReady => "not ready",
            Verdict.Trouble => "degraded or not ready",
            Verdict.Balancer => $"the balancer: {health.BalancerSays}",
            _ => "right afterwards",
        };
        return $"{says}{(health.Whose == Whose.Victim ? ", of that one only" : string.Empty)}{(health.Because.Count > 0 ? $": {string.Join(" or ", health.Because)}" : string.Empty)}";
    }
}
