using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Reports;
using Candor.Chaos.Running;
using Candor.Planning;

namespace Candor.Chaos.Tests;

/// <summary>A handful of the catalogue's faults, made in a real stack as <c>./candor chaos</c> makes them.</summary>
public sealed class RepresentativeFaultTests
{
    /// <summary>A query still has a quarter of a second, and the whole takes two minutes.</summary>
    private const double Speed = 4;

    private const double Rate = 10;

    [Fact]
    public async Task Representative_faults_are_found_named_and_over_without_a_lost_order()
    {
        var folder = Directory.CreateTempSubdirectory("candor-chaos-").FullName;
        Open(folder);
        var session = new Session(await RequestAsync(folder), TimeProvider.System);
        try
        {
            await session.RunAsync(new Progress<SessionProgress>(), CancellationToken.None);
        }
        finally
        {
            await Session.RepairAsync(await RequestAsync(folder), TimeProvider.System, CancellationToken.None);
            ChaosStack.Remove(folder);
        }

        Assert.Equal(FaultCatalogue.Representative.Count, session.Runs.Count);
        Assert.All(session.Runs, run => Assert.False(run.Fails, Told(run)));
        // A machine that cannot measure at all would find nothing.
        Assert.True(session.Runs.Count(run => run.Counts) > session.Runs.Count / 2, string.Join('\n', session.Runs.Select(Told)));
        Assert.Contains("<svg", HtmlReport.Write(ResultOf(session)), StringComparison.Ordinal);
    }

    private static Result ResultOf(Session session) => new()
    {
        At = DateTimeOffset.UnixEpoch,
        Machine = new(1, "test", 1, "test", "test", new Dictionary<string, string>()),
        Speed = Speed,
        Rate = Rate,
        Repeat = 1,
        Isolated = false,
        Runs = [.. session.Runs],
    };

    private static async Task<SessionRequest> RequestAsync(string folder) => new()
    {
        Faults = FaultCatalogue.Representative,
        Rate = Rate,
        Speed = Speed,
        Folder = folder,
        Plan = await PlanRecorder.RecordAsync(CatalogueTests.Root(), "dev", CancellationToken.None),
        Programs = new Dictionary<ServiceKind, string> { [ServiceKind.Orders] = Path.Combine(CatalogueTests.Root(), "app", "Orders", "bin", Configuration(), "net10.0", "Candor.Orders.dll") },
    };

    private static string Configuration() => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string Told(FaultRun run) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Fault}: {run.Outcome}: {string.Join("; ", run.Findings.Select(finding => finding.Text))} (it said {string.Join("; ", run.Said)})");

    /// <summary>PostgreSQL runs as another user.</summary>
    private static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }
    }
}
