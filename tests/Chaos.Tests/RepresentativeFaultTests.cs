using System.Globalization;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Reports;
using Candor.Chaos.Running;
using Candor.Contract;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Chaos.Tests;

/// <summary>A handful of the catalogue's faults, made in a real stack as <c>./candor chaos</c> makes them.</summary>
public sealed class RepresentativeFaultTests
{
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
        Plan = await LongDeadlinesPlanAsync(),
        Programs = new Dictionary<ServiceKind, string> { [ServiceKind.Orders] = Path.Combine(CatalogueTests.Root(), "app", "Orders", "bin", Configuration(), "net10.0", "Candor.Orders.dll") },
    };

    /// <summary>
    /// The dev stack's, with long deadlines for its dependencies: at a speed, a deadline is a fraction of its real one, and a machine that has much
    /// else to do misses it: true, but no fault of what is being tested. At speed 4 each has 1 s.
    /// </summary>
    private static async Task<Plan> LongDeadlinesPlanAsync()
    {
        var deadline = TimeSpan.FromSeconds(4);
        var probe = TimeSpan.FromSeconds(5);
        var contract = (await PlanRecorder.RecordAsync(CatalogueTests.Root(), "dev", CancellationToken.None)).Contract!;
        var longDeadlines = contract with
        {
            Budget = contract.Budget with { Deadline = deadline },
            Readiness = contract.Readiness with { Timeout = probe },
            Liveness = contract.Liveness with { Timeout = probe },
            Startup = contract.Startup with { Timeout = probe },
            // A read waits for a silent cache before it asks the database, and its canary must outlast that.
            Dependencies =
            [
                .. contract.Dependencies.Select(dependency =>
                    dependency with { Timeout = dependency.Importance == DependencyImportance.Required ? deadline : deadline / 2 }),
            ],
            Operations =
            [
                .. contract.Operations.Select(operation =>
                    operation.Canary is { } canary ? operation with { Canary = canary with { Timeout = deadline } } : operation),
            ],
        };
        var settings = StackFiles.Read(CatalogueTests.Root(), "dev", StackConfig.SecretKeys);
        var config = new Dictionary<string, string>(settings.Config) { ["candor:health"] = ContractJson.Serialize(longDeadlines) };
        return await PlanRecorder.RecordAsync(settings with { Config = config }, CancellationToken.None);
    }

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
