using Candor.Chaos.Catalogue.Families;

namespace Candor.Chaos.Catalogue;

/// <summary>Every fault. A family is a file in <c>Families</c>; a fault is an entry there.</summary>
internal static class FaultCatalogue
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. SetupFaults.All,
        .. DatabaseFaults.All,
        .. CacheFaults.All,
        .. QueueFaults.All,
        .. NetworkFaults.All,
        .. ProcessFaults.All,
        .. AppFaults.All,
        .. ClientFaults.All,
        .. NothingWrong.All,
    ];

    /// <summary>Those that <c>./candor test</c> runs.</summary>
    public static IReadOnlyList<Fault> Representative { get; } = [.. All.Where(fault => fault.Representative)];

    /// <summary>
    /// The faults of a name: an id with all its variants (<c>F217</c>), one variant (<c>F217/renamed-table</c>), or none when there is
    /// no such.
    /// </summary>
    public static IReadOnlyList<Fault> Find(string name) =>
        [.. All.Where(fault => string.Equals(fault.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(fault.Id, name, StringComparison.OrdinalIgnoreCase))];
}
