using Candor.EndToEnd.Tests.Stack;
using Candor.Planning;
using Candor.Planning.Lint;
using Markdig;
using Microsoft.Playwright;

namespace Candor.EndToEnd.Tests;

/// <summary>The comment on a pull request, rendered as GitHub does, in a real browser; pictures are left in the test's output.</summary>
public sealed class PullRequestTests
{
    // The column of a comment on a screen of a notebook, and what one sees of it without scrolling.
    private const int Column = 780;
    private const int Screen = 900;

    // What of GitHub's style decides widths: https://github.com/sindresorhus/github-markdown-css.
    private const string Style = """
        :root { color-scheme: light dark; --text: light-dark(#1f2328, #f0f6fc); --back: light-dark(#fff, #0d1117); --line: light-dark(#d1d9e0, #3d444d); --code: light-dark(#818b981f, #656c7633); --row: light-dark(#f6f8fa, #151b23); }
        body { margin: 0; padding: 16px; background: var(--back); color: var(--text); font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
        main { width: 780px; overflow-wrap: break-word; }
        h2, h3 { border-bottom: 1px solid var(--line); padding-bottom: .3em; margin: 24px 0 16px; line-height: 1.25; } h2 { font-size: 1.5em; } h3 { font-size: 1.25em; border: 0; }
        table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse; margin: 0 0 16px; }
        th, td { padding: 6px 13px; border: 1px solid var(--line); } th { font-weight: 600; } tr { background: var(--back); } tr:nth-child(2n) { background: var(--row); }
        code, pre { font: 85%/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
        code { padding: .2em .4em; background: var(--code); border-radius: 6px; white-space: break-spaces; }
        pre { padding: 16px; overflow: auto; background: var(--row); border-radius: 6px; } pre code { padding: 0; background: none; font-size: 100%; white-space: pre; }
        p, ul { margin: 0 0 16px; } ul { padding-left: 2em; } summary { cursor: pointer; }
        """;

    [BrowserFact]
    public async Task Comment_says_first_what_it_means_and_nothing_in_it_is_wider_than_its_column()
    {
        var settings = StackFiles.Read(Repository.Root, "dev", []);
        var before = await PlanRecorder.RecordAsync(settings, CancellationToken.None);
        var after = await PlanRecorder.RecordAsync(
            settings with
            {
                Config = new Dictionary<string, string>(settings.Config)
                {
                    ["candor:health"] = """{"balancer":{"interval":"15s"},"drain":{"requestTimeout":"20s"}}""",
                    ["candor:allowedCidrs"] = """["10.0.0.0/8","0.0.0.0/0"]""",
                    ["candor:image"] = "ghcr.io/example/orders:0.2.0",
                    ["candor:minReplicas"] = "3",
                    ["candor:databaseImage"] = "docker.io/library/postgres:17.7",
                },
            },
            CancellationToken.None);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = Column + 32, Height = Screen } });
        var lint = LintReport.Sections(Linter.Lint(after));
        var preview = PreviewReport.Of(after);

        await ShowAsync(page, "diff", DiffReport.Of(PlanDiff.Of(before, after)));
        await ShowAsync(page, "preview", preview with { Sections = [lint[0], .. preview.Sections, .. lint.Skip(1)] });
    }

    private static async Task ShowAsync(IPage page, string name, Report report)
    {
        var markdown = MarkdownReport.Write(report);
        var html = Markdown.ToHtml(markdown, new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build());
        await page.SetContentAsync($"<!doctype html><html lang=en><meta charset=utf-8><style>{Style}</style><main>{html}</main>");
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await ShootAsync(page, $"{name}-{scheme}".ToLowerInvariant());
        }

        // What stands before the first detail fits a screen, and what it means is the first of it.
        var top = await page.EvaluateAsync<double>("() => document.querySelector('details')?.getBoundingClientRect().top + scrollY");
        Assert.InRange(top, 1, Screen);
        if (name == "diff")
        {
            Assert.Equal("What it means", await page.Locator("h3").First.TextContentAsync());
            Assert.StartsWith("⚠", await page.Locator("li").First.TextContentAsync(), StringComparison.Ordinal);
        }

        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(details => details.open = true)");
        await ShootAsync(page, $"{name}-open");
        var wide = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('table, pre, p, li, summary')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 || e.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)
              .map(e => `${e.tagName} of ${e.scrollWidth} px: ${e.textContent.slice(0, 120)}`)
            """);
        Assert.Empty(wide);
    }

    private static Task<byte[]> ShootAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "pull-request", $"{name}.png"), FullPage = true });
}
