using System.Text.Json.Nodes;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Injection;
using Candor.Chaos.Judging;
using Candor.Chaos.Reports;
using Candor.Chaos.Running;
using Candor.Local;

namespace Candor.Chaos.Tests;

/// <summary>The catalogue on the status page, and measured faults as recorded runs in it.</summary>
public sealed class PageFaultsTests
{
    [Fact]
    public async Task Catalogue_of_the_page_has_what_can_be_made_on_the_reference_service()
    {
        await using var faults = new PageFaults(Path.GetTempPath(), TimeProvider.System);

        Assert.Contains(faults.Catalogue, fault => fault is { Name: "F204", Family: "database" });
        Assert.Equal(faults.Catalogue.Count, faults.Catalogue.Select(fault => fault.Name).Distinct(StringComparer.Ordinal).Count());
        // Mistakes within the app are made by switches of the sample service, which does not run there.
        Assert.DoesNotContain(faults.Catalogue, fault => fault.Family == "app");
        Assert.All(faults.Catalogue, fault => Assert.NotEmpty(fault.Title));
    }

    [Fact]
    public async Task Fault_that_is_not_known_or_not_made_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("candor-page-faults-").FullName;
        await using (var faults = new PageFaults(folder, TimeProvider.System))
        {
            Assert.Contains("no fault", (await Assert.ThrowsAsync<LocalException>(() => faults.MakeAsync("F999", string.Empty, CancellationToken.None))).Message, StringComparison.Ordinal);
            // Nothing runs there.
            await Assert.ThrowsAsync<LocalException>(() => faults.MakeAsync("F204", string.Empty, CancellationToken.None));
            Assert.Empty(faults.Made);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Fault_that_an_earlier_run_left_is_shown_and_keeps_others_from_being_made()
    {
        var folder = Directory.CreateTempSubdirectory("candor-page-faults-").FullName;
        await new Journal(ChaosStack.JournalOf(folder)).BeginAsync("F201", FaultCatalogue.Find("F201")[0].Injections[0]);
        await using (var faults = new PageFaults(folder, TimeProvider.System))
        {
            var left = Assert.Single(faults.Made);
            Assert.Equal(("F201", null), (left.Name, left.Since));
            var refused = await Assert.ThrowsAsync<LocalException>(() => faults.MakeAsync("F204", string.Empty, CancellationToken.None));
            Assert.Contains("earlier run", refused.Message, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Measured_fault_is_a_recorded_run_of_the_status_page()
    {
        var result = new Result
        {
            At = DateTimeOffset.UnixEpoch,
            Machine = new(2, "test", 1, "test", "test", new Dictionary<string, string>()),
            Speed = 5,
            Rate = 40,
            Repeat = 1,
            Isolated = false,
            Runs = [Run()],
        };
        var html = HtmlReport.Write(result);

        Assert.Contains("data-run=\"0\"", html, StringComparison.Ordinal);
        var page = Unpacked(html.Split("id=\"player\">")[1].Split('<')[0]);
        var run = JsonNode.Parse(Unpacked(page.Split("id=\"recording\">")[1].Split('<')[0]))!["runs"]![0]!;
        var frames = run["frames"]!.AsArray();
        Assert.Contains("F201", run["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(11, frames.Count);
        Assert.Equal("not ready", frames[5]!["present"]!["verdicts"]!["one"]!["status"]!.GetValue<string>());
        Assert.Equal("fault", frames[5]!["present"]!["spans"]![0]!["kind"]!.GetValue<string>());
        Assert.Null(frames[5]!["present"]!["spans"]![0]!["to"]);
        Assert.Equal("ended", frames[10]!["present"]!["spans"]![0]!["outcome"]!.GetValue<string>());
        Assert.Equal(20, frames[5]!["samples"]![0]!["failures"]!.GetValue<double>());
        Assert.Contains(frames.SelectMany(frame => frame!["events"]!.AsArray()), one => one!["message"]!.GetValue<string>() == "says not ready: database down");
    }

    private static FaultRun Run() => new()
    {
        Fault = "F201",
        Title = "The database refuses connections.",
        Family = FaultFamily.Database,
        Service = ServiceKind.Orders,
        IsFault = true,
        Outcome = Outcome.Right,
        Findings = [],
        At = DateTimeOffset.UnixEpoch.AddDays(1),
        Bounds = new() { Verdict = 2, Ejection = 5 },
        Timeline = new(
            10, 2, 8, 8,
            new Dictionary<string, IReadOnlyList<double>> { [Operations.List] = [.. Enumerable.Range(0, 40).Select(bin => bin is >= 8 and < 32 ? 0.5 : 0)] },
            0.25,
            new Dictionary<string, IReadOnlyList<Span>> { ["one"] = [new(0, 3, "Ready", ""), new(3, 9, "NotReady", "database down"), new(9, 10, "Ready", "")] },
            new Dictionary<string, IReadOnlyList<Span>> { ["one"] = [new(0, 6, "Healthy", ""), new(6, 10, "Unhealthy", "")] }),
    };

    private static string Unpacked(string text)
    {
        using var reader = new StreamReader(new System.IO.Compression.GZipStream(new MemoryStream(Convert.FromBase64String(text)), System.IO.Compression.CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
