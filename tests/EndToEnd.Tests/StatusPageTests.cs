using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Candor.Doctor;
using Candor.Doctor.Output;
using Candor.EndToEnd.Tests.Stack;
using Candor.Testing.Network;
using Microsoft.Playwright;

namespace Candor.EndToEnd.Tests;

/// <summary>The status page of a running stack, in a real browser; a picture of each state is left in the test's output.</summary>
public sealed class StatusPageTests
{
    private const float Patience = 90_000;

    /// <summary>The small stack has neither cache nor queue, so its service is degraded: ready, and not to be taken for an error.</summary>
    private const string Ready = ".pod.good, .pod.degraded";

    [BrowserFact]
    public async Task Page_shows_what_happens_and_does_what_is_clicked()
    {
        var port = FreePort.Next();
        await using var stack = await RunningStack.StartAsync(await RunningStack.SmallPlanAsync(), 5, change: options => options with
        {
            Page = port,
            PageRequired = true,
            Doctor = async (url, timeout, codes, token) => DiagnosisText.Write(
                await UrlDoctor.AskAsync(url, timeout, codes, TimeProvider.System, token)),
        });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 1280, Height = 1400 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        var (complaints, elsewhere) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        page.Console += (_, message) => Keep(complaints, message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Keep(complaints, error);
        page.Request += (_, request) => Keep(
            elsewhere, request.Url.StartsWith($"http://127.0.0.1:{port}/", StringComparison.Ordinal) ? null : request.Url);

        await page.GotoAsync($"http://127.0.0.1:{port}/");
        await Assertions.Expect(page.Locator("#overall")).ToContainTextAsync("everything is healthy", Text());
        await Assertions.Expect(page.Locator(Ready)).ToHaveCountAsync(3, new() { Timeout = Patience });
        await ShootAsync(page, "healthy");

        await WalkAsync(page, stack);
        await FollowLogAsync(page);
        await KillAsync(page, stack);
        await InjectAsync(page);
        await LookOtherwiseAsync(page, context);
        Assert.Empty(await page.EvaluateAsync<string[]>(Accessibility));

        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
    }

    /// <summary>
    /// What any checker of accessibility finds first: controls without names, pictures without texts, doubled ids, skipped headings.
    /// </summary>
    private const string Accessibility = """
        () => {
          const found = [], name = e => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i)?.textContent ?? '').join(' ')
            || [...(e.labels ?? [])].map(l => l.textContent).join(' ') || e.textContent || '').trim();
          const shown = e => e.checkVisibility();
          for (const e of document.querySelectorAll('button, a[href], input, select, [role=img], [role=log], [role=region], canvas, article')) if (shown(e) && !name(e)) found.push(`no name: ${e.outerHTML.slice(0, 90)}`);
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) found.push(`id twice: ${id}`);
          let level = 0;
          for (const h of document.querySelectorAll('h1, h2, h3')) { const l = +h.tagName[1]; if (l > level + 1) found.push(`heading skipped: ${h.textContent}`); level = l; }
          for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) found.push(`tabindex: ${e.outerHTML.slice(0, 60)}`);
          if (!document.documentElement.lang) found.push('no language');
          const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
          const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
          const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/rgba\(.*, 0\)/.test(c) && c !== 'transparent') return c; } return 'rgb(255,255,255)'; };
          for (const e of document.querySelectorAll('h1, h2, h3, p, span, li, th, td, button, label, summary, time, a')) {
            if (!shown(e) || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest('.unseen, .skip, :disabled')) continue;
            const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}: ${e.textContent.slice(0, 40)}`);
          }
          return [...new Set(found)];
        }
        """;

    /// <summary>By keyboard alone one walks through the answers, and hears what each was.</summary>
    private static async Task WalkAsync(IPage page, RunningStack stack)
    {
        await stack.UntilAsync(status => status.Targets.Count > 0, "there are targets");
        var lanes = page.Locator(".pod", new() { HasText = "orders-" }).First.Locator("canvas");
        await lanes.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator("#spoken"))
            .ToContainTextAsync(new Regex("(balancer|readiness|startup|liveness) (passed|failed) in"), Text());
        await Assertions.Expect(page.Locator("#tip")).ToBeVisibleAsync();
        await ShootAsync(page, "keyboard");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#tip")).ToBeHiddenAsync();
    }

    private static async Task FollowLogAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Logs of orders-") }).First.ClickAsync();
        await Assertions.Expect(page.Locator("#log")).ToContainTextAsync("listening", new() { IgnoreCase = true, Timeout = Patience });
    }

    /// <summary>A killed pod stops being ready, within the promise, and is ready again.</summary>
    private static async Task KillAsync(IPage page, RunningStack stack)
    {
        var victim = (await stack.StatusAsync()).Pods.First(pod => pod.Workload == "orders").Name;
        var card = page.GetByRole(AriaRole.Article, new() { Name = $"Pod {victim}" });
        await page.GetByRole(AriaRole.Button, new() { Name = $"Kill {victim}" }).ClickAsync();
        await Assertions.Expect(page.Locator("#said")).ToContainTextAsync($"{victim} was killed", Text());
        await Assertions.Expect(card).Not.ToHaveClassAsync(new Regex("good|degraded"), new() { Timeout = Patience });
        await ShootAsync(page, "killed");
        await Assertions.Expect(card).ToHaveClassAsync(new Regex("good|degraded"), new() { Timeout = Patience });
        await Assertions.Expect(card).ToContainTextAsync("1 restarts", Text());
    }

    /// <summary>
    /// A fault injected by a click shows the verdict with its root cause, and what users get; ended by a click, all is well.
    /// </summary>
    private static async Task InjectAsync(IPage page)
    {
        await page.Locator("#link-from").SelectOptionAsync("orders");
        await page.Locator("#link-service").SelectOptionAsync("database");
        await page.Locator("#link-mode").SelectOptionAsync("refused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Inject the fault" }).ClickAsync();
        await Assertions.Expect(page.Locator("#links")).ToContainTextAsync("orders to database: refused", Text());
        var failing = page.Locator(".pod .why", new() { HasTextRegex = new Regex("says of itself: .*database") });
        await Assertions.Expect(failing).ToHaveCountAsync(2, new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ask the doctor about orders-") }).First.ClickAsync();
        await Assertions.Expect(page.Locator("#doctor")).ToContainTextAsync("503", Text());
        await ShootAsync(page, "database-refused");

        await page.GetByRole(AriaRole.Button, new() { Name = "End the fault" }).ClickAsync();
        await Assertions.Expect(page.Locator(Ready)).ToHaveCountAsync(3, new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#links li")).ToHaveCountAsync(0, new() { Timeout = Patience });
    }

    /// <summary>Dark, and as narrow as a small telephone: nothing is wider than the screen.</summary>
    private static async Task LookOtherwiseAsync(IPage page, IBrowserContext context)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ShootAsync(page, "dark");
        Assert.Empty(await page.EvaluateAsync<string[]>(Accessibility));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(360, 800);
        await ShootAsync(page, "narrow");
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= 360);
        Assert.Single(context.Pages);
    }

    private static LocatorAssertionsToContainTextOptions Text() => new() { Timeout = Patience };

    private static async Task ShootAsync(IPage page, string name) =>
        await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "status-page", $"{name}.png"), FullPage = true });

    private static void Keep(ConcurrentQueue<string> queue, string? text)
    {
        if (text is not null)
        {
            queue.Enqueue(text);
        }
    }
}
