using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Local;
using Candor.Testing.Network;
using Microsoft.Playwright;

namespace Candor.EndToEnd.Tests;

/// <summary>The page of a hundred pods, in a real browser that is sent more than it keeps: its memory stays as it is.</summary>
public sealed class LoadedPageTests
{
    private const int Pods = 100;

    // In megabytes; a browser's own are in it.
    private const double MostHeap = 200;
    private const double MostGrowth = 20;

    [BrowserFact]
    public async Task Full_page_that_goes_on_being_sent_answers_takes_no_more_memory()
    {
        var source = new Source();
        await using var page = await StatusPage.StartAsync(source, FreePort.Next(), readOnly: true, TimeProvider.System);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        var tab = await browser.NewPageAsync();
        var problems = new List<string>();
        tab.PageError += (_, error) => problems.Add(error);
        await tab.GotoAsync(page.Url);
        await Assertions.Expect(tab.Locator(".pod")).ToHaveCountAsync(Pods, new() { Timeout = 30_000 });
        var devtools = await tab.Context.NewCDPSessionAsync(tab);

        // 15 minutes of a thousand answers a second are what the page keeps; the same again pushes all of it out.
        await FillAsync(tab, source);
        var full = await HeapAsync(devtools);
        await FillAsync(tab, source);
        var again = await HeapAsync(devtools);

        Assert.InRange(full, 0, MostHeap);
        Assert.InRange(again, 0, full + MostGrowth);
        Assert.Equal(Pods * 4 * ProbeBoard.MarksPerLane, await tab.EvaluateAsync<int>("() => [...lanes.values()].reduce((sum, lane) => sum + lane.length, 0)"));
        Assert.Equal("500 events, 900 samples", await tab.EvaluateAsync<string>("() => `${events.length} events, ${samples.length} samples`"));
        Assert.Equal(500, await tab.Locator("#events li").CountAsync());
        Assert.Empty(problems);
    }

    private static async Task FillAsync(IPage tab, Source source)
    {
        source.Fill();
        await Assertions.Expect(tab.Locator("#events li").First).ToContainTextAsync(string.Create(CultureInfo.InvariantCulture, $"filled {source.Fills}"), new() { Timeout = 60_000 });
    }

    private static async Task<double> HeapAsync(ICDPSession devtools)
    {
        await devtools.SendAsync("HeapProfiler.collectGarbage");
        var usage = await devtools.SendAsync("Runtime.getHeapUsage");
        return usage!.Value.GetProperty("usedSize").GetDouble() / 1024 / 1024;
    }

    private sealed class Source : IPageSource
    {
        public int Fills { get; private set; }

        public string RunId => "run";

        public LocalStatus Status { get; } = new()
        {
            Stack = "dev",
            Supervisor = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            Speed = 1,
            Healthy = true,
            Urls = [],
            Workloads = [],
            Targets = [],
            Pods = [.. Enumerable.Range(0, Pods).Select(index => new LocalPod
            {
                Name = Name(index), Workload = "orders", Address = "127.0.0.1", Ports = new Dictionary<string, int>(), ProcessId = 1, Phase = "Running", Ready = true, Restarts = 0,
                LastExitCode = null, StartedAt = DateTimeOffset.UnixEpoch, Reason = string.Empty, Log = string.Empty,
            })],
        };

        public ProbeBoard Board { get; } = new(TimeProvider.System);

        public PageHistory History { get; } = new(TimeProvider.System);

        public IReadOnlyDictionary<string, JsonElement> Verdicts { get; } = new Dictionary<string, JsonElement>();

        public IReadOnlyList<PageLink> Links => [];

        public IReadOnlyList<MadeFault> Faults => [];

        public PageRecorder Recorder { get; } = new(TimeProvider.System);

        public object FactsOf => this;

        public JsonObject Facts => new() { ["timeline"] = new JsonArray(), ["targetGroups"] = new JsonArray(), ["workloads"] = new JsonArray(), ["services"] = new JsonArray() };

        public LocalClient Client => throw new NotSupportedException();

        /// <summary>As much of everything as is kept.</summary>
        public void Fill()
        {
            Fills++;
            for (var index = 0; index < ProbeBoard.MarksPerLane; index++)
            {
                for (var pod = 0; pod < Pods; pod++)
                {
                    foreach (var prober in Enum.GetValues<ProberKind>())
                    {
                        Board.Add(Name(pod), prober, index % 50 != 0, TimeSpan.FromMilliseconds(index), $"answered {(index % 50 == 0 ? 503 : 200)}");
                    }
                }
            }

            for (var index = 0; index <= 900; index++)
            {
                History.Add(new((Fills * 10_000) + index, 0, 3));
            }

            for (var index = 0; index < 500; index++)
            {
                History.Report(new(TimeProvider.System.GetUtcNow(), LocalEventKind.Progress, "orders", string.Create(CultureInfo.InvariantCulture, $"filled {Fills}")));
            }
        }

        public Task<string> ActAsync(PageAction action) => throw new NotSupportedException();

        public string Unexpected(string what, Exception exception) => throw new InvalidOperationException(what, exception);

        private static string Name(int pod) => string.Create(CultureInfo.InvariantCulture, $"orders-{pod}");
    }
}
