using System.Text.RegularExpressions;
using Candor.Chaos.Running;
using Candor.Doctor;
using Candor.Doctor.Output;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Testing.Network;
using Microsoft.Playwright;

namespace Candor.EndToEnd.Tests;

/// <summary>The status page of a running stack, in a real browser; a picture of each state is left in the test's output.</summary>
public sealed class StatusPageTests
{
    private const float Limit = 90_000;

    /// <summary>The small stack has neither cache nor queue, so its service is degraded: ready, and not to be taken for an error.</summary>
    private const string Ready = ".pod.good, .pod.degraded";

    [BrowserFact]
    public async Task Page_shows_what_happens_and_does_what_is_clicked()
    {
        var port = FreePort.Next();
        var origin = $"http://127.0.0.1:{port}/";
        await using var stack = await RunningStack.StartAsync(await RunningStack.SmallPlanAsync(), 5, change: options => options with
        {
            Page = port,
            PageRequired = true,
            Faults = new PageFaults(options.StateDirectory, TimeProvider.System),
            StackDoctor = async token => DiagnosisText.Write(await LocalDoctor.AskAsync(LocalTarget.Client(options.StateDirectory), null, TimeProvider.System, token)),
            Doctor = async (url, timeout, codes, token) => DiagnosisText.Write(await UrlDoctor.AskAsync(url, timeout, codes, TimeProvider.System, token)),
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
        var (complaints, elsewhere) = PageChecks.Watch(page, origin);

        await page.GotoAsync(origin);
        await Assertions.Expect(page.Locator("#overall")).ToContainTextAsync("everything is healthy", Text());
        await Assertions.Expect(page.Locator(Ready)).ToHaveCountAsync(3, new() { Timeout = Limit });
        await ShootAsync(page, "healthy");

        await WalkAsync(page, stack);
        await FollowLogAsync(page);
        await KillAsync(page, stack);
        await InjectAsync(page);
        await MakeFaultAsync(page);
        await LookOtherwiseAsync(page, context);
        Assert.Empty(await page.EvaluateAsync<string[]>(Accessibility));

        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
        await ReplayAsync(browser, stack, origin.TrimEnd('/'));
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
        await Assertions.Expect(page.Locator("#log")).ToContainTextAsync("listening", new() { IgnoreCase = true, Timeout = Limit });
    }

    /// <summary>A killed pod stops being ready, within the promise, and is ready again.</summary>
    private static async Task KillAsync(IPage page, RunningStack stack)
    {
        var victim = (await stack.StatusAsync()).Pods.First(pod => pod.Workload == "orders").Name;
        var card = page.GetByRole(AriaRole.Article, new() { Name = $"Pod {victim}" });
        await page.GetByRole(AriaRole.Button, new() { Name = $"Kill {victim}" }).ClickAsync();
        await Assertions.Expect(page.Locator("#said")).ToContainTextAsync($"{victim} was killed", Text());
        await Assertions.Expect(card).Not.ToHaveClassAsync(new Regex("good|degraded"), new() { Timeout = Limit });
        await ShootAsync(page, "killed");
        await Assertions.Expect(card).ToHaveClassAsync(new Regex("good|degraded"), new() { Timeout = Limit });
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
        await Assertions.Expect(failing).ToHaveCountAsync(2, new() { Timeout = Limit });
        // At once, and not only when the balancer has noticed it too.
        Assert.Contains("not healthy", await page.Locator("#overall").TextContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ask the doctor about orders-") }).First.ClickAsync();
        await Assertions.Expect(page.Locator("#doctor")).ToContainTextAsync("503", Text());
        await ShootAsync(page, "database-refused");

        await page.GetByRole(AriaRole.Button, new() { Name = "End the fault" }).ClickAsync();
        await Assertions.Expect(page.Locator(Ready)).ToHaveCountAsync(3, new() { Timeout = Limit });
        await Assertions.Expect(page.Locator("#links li")).ToHaveCountAsync(0, new() { Timeout = Limit });
    }

    /// <summary>A fault of the catalogue is made by a click, the doctor names it in place, and a click ends it.</summary>
    private static async Task MakeFaultAsync(IPage page)
    {
        await page.Locator("#fault").SelectOptionAsync("F204");
        await Assertions.Expect(page.Locator("#fault-title")).ToContainTextAsync("another password", Text());
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the fault" }).ClickAsync();
        await Assertions.Expect(page.Locator("#faults")).ToContainTextAsync("F204", Text());
        await Assertions.Expect(page.Locator(".pod .why", new() { HasTextRegex = new Regex("says of itself: .*database") })).ToHaveCountAsync(2, new() { Timeout = Limit });
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask the doctor about the stack" }).ClickAsync();
        await Assertions.Expect(page.Locator("#doctor")).ToContainTextAsync("Both pods of orders are unready because of check database", Text());
        await ShootAsync(page, "fault-of-the-catalogue");

        await page.GetByRole(AriaRole.Button, new() { Name = "End F204" }).ClickAsync();
        await Assertions.Expect(page.Locator("#faults li")).ToHaveCountAsync(0, new() { Timeout = Limit });
        await Assertions.Expect(page.Locator(Ready)).ToHaveCountAsync(3, new() { Timeout = Limit });
        await Assertions.Expect(page.Locator("#spans")).ToContainTextAsync("F204 fault", Text());
    }

    /// <summary>What happened is in one file, which plays without the stack and without a network.</summary>
    private static async Task ReplayAsync(IBrowser browser, RunningStack stack, string origin)
    {
        var whole = await PageChecks.SaveAsync(stack.Http, origin, "killed-pod-and-lost-database", 15 * 60);
        var last = await PageChecks.SaveAsync(stack.Http, origin, "wrong-password", 30);
        await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, ReducedMotion = ReducedMotion.Reduce, Offline = true });
        var (story, password) = (await OpenAsync(context, whole), await OpenAsync(context, last));

        // By keyboard to the end: both faults are in the list, and everything is well again.
        await story.Locator("#time").FocusAsync();
        await story.Keyboard.PressAsync("End");
        await Assertions.Expect(story.Locator("#spans")).ToContainTextAsync("F204 fault", Text());
        await Assertions.Expect(story.Locator("#events")).ToContainTextAsync("ended with exit code 137", Text());
        await Assertions.Expect(story.Locator("#overall")).ToContainTextAsync("healthy", Text());
        await PageChecks.IsAccessibleAsync(story);

        // Back to where a fault goes on.
        await SeekAsync(story, "() => player.frames.find(frame => /refused/.test(JSON.stringify(frame.present?.links ?? [])) && Object.values(frame.present.verdicts).some(v => v.ready === false))?.now");
        await Assertions.Expect(story.Locator(".pod.bad .why").First).ToContainTextAsync("database", Text());
        await SeekAsync(password, "() => player.frames.findLast(frame => frame.present?.faults.length > 0)?.now");
        await Assertions.Expect(password.Locator(".pod.bad .why").First).ToContainTextAsync(new Regex("authentication|28P01"), Text());
        var lost = await PageChecks.ShootAsync(story, "killed-pod-and-lost-database", whole: false);
        await story.Locator("#play").ClickAsync();
        await Assertions.Expect(story.Locator("#play")).ToHaveTextAsync("Pause");
        await story.Locator("#play").ClickAsync();
        PageChecks.Publish(
            whole,
            last,
            lost,
            await PageChecks.ShootAsync(password, "wrong-password", whole: false));
        Assert.InRange(new FileInfo(whole).Length + new FileInfo(last).Length, 1, 700_000);
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, string file)
    {
        var page = await context.NewPageAsync();
        var url = new Uri(file).AbsoluteUri;
        var (complaints, elsewhere) = PageChecks.Watch(page, url);
        await page.GotoAsync(url);
        await Assertions.Expect(page.Locator("#connection")).ToHaveTextAsync("recorded", new() { Timeout = Limit });
        await Assertions.Expect(page.Locator("#act")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".pod").First).ToBeVisibleAsync();
        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
        return page;
    }

    private static async Task SeekAsync(IPage page, string time) => await page.EvaluateAsync($"() => seek(({time})() - player.from)");

    /// <summary>Dark, and as narrow as a small telephone: nothing is wider than the screen.</summary>
    private static async Task LookOtherwiseAsync(IPage page, IBrowserContext context)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ShootAsync(page, "dark");
        Assert.Empty(await page.EvaluateAsync<string[]>(Accessibility));
        await PageChecks.IsAccessibleAsync(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await PageChecks.IsAccessibleAsync(page);
        await page.SetViewportSizeAsync(360, 800);
        await ShootAsync(page, "narrow");
        await PageChecks.IsAccessibleAsync(page);
        var wide = await page.EvaluateAsync<string[]>(
            "() => document.documentElement.scrollWidth <= 360 ? [] : [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('.scroll, #path, pre') && e.getBoundingClientRect().right > 360).map(e => e.outerHTML.slice(0, 80))");
        Assert.True(wide.Length == 0, string.Join('\n', wide));
        Assert.Single(context.Pages);
    }

    private static LocatorAssertionsToContainTextOptions Text() => new() { Timeout = Limit };

    private static Task<string> ShootAsync(IPage page, string name) => PageChecks.ShootAsync(page, name);
}
