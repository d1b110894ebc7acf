using Candor.Contract;

namespace Candor.Planning;

/// <summary>Every health setting of one workload side by side: the contract's, and each prober's.</summary>
internal static class HealthTable
{
    private static readonly string[] Columns = ["setting", "contract", "balancer", "readiness", "liveness", "startup"];

    internal static ReportTable Of(Plan plan, PlanResource workload, HealthContract? contract)
    {
        var container = workload.Containers().FirstOrDefault();
        ProberSettings[] found =
        [
            ProberSettings.OfBalancer(plan, workload),
            ProberSettings.OfProbe(container, "readinessProbe"),
            ProberSettings.OfProbe(container, "livenessProbe"),
            ProberSettings.OfProbe(container, "startupProbe"),
        ];
        var wanted = contract is null ? null : ProberSettings.OfContract(contract);
        var rows = ProberSettings.Names.Select((name, row) => Row(name, row, wanted, found));
        return new(workload.KubernetesName, Columns, [.. rows]);
    }

    private static List<ReportCell> Row(string name, int row, IReadOnlyList<ProberSettings>? wanted, ProberSettings[] found)
    {
        var expected = found.Select((_, prober) => wanted?[prober].Values[row]).ToList();
        var cells = new List<ReportCell> { name, wanted is null ? ReportCell.Nothing : Joined(expected) };
        cells.AddRange(found.Select((prober, column) => Cell(prober.Values[row], expected[column], wanted is not null && prober.Exists)));
        return cells;
    }

    // One value where all probers share it; else one each, in the order of the columns.
    private static ReportCell Joined(List<string?> values)
    {
        var said = values.OfType<string>().ToList();
        return said.Count == 0 ? ReportCell.Nothing
            : new(said.Distinct().Count() == 1 ? said[0] : string.Join(" · ", said));
    }

    private static ReportCell Cell(string? found, string? expected, bool compare) => (found, expected) switch
    {
        (null, null) => ReportCell.Nothing,
        (null, _) when compare => new($"not set ({expected})", Tone.Bad),
        (null, _) => ReportCell.Nothing,
        (_, null) => new(found),
        _ when !compare || Same(found, expected) => new(found, compare ? Tone.Good : Tone.Plain),
        _ => new($"{found} ≠ {expected}", Tone.Bad),
    };

    // A named port is written with its number: http (8080).
    private static bool Same(string found, string expected) => found == expected || found.EndsWith($"({expected})", StringComparison.Ordinal);
}
