using System.Net.Http.Json;
using System.Text.Json;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Planning;

namespace Candor.EndToEnd.Tests;

/// <summary>The real Prometheus, blackbox exporter and Alertmanager, fed by nothing but the Plan.</summary>
public sealed class MonitoringTests : IDisposable
{
    /// <summary>At this speed the alert of a pod that is not ready waits less than half a minute.</summary>
    private const double Speed = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private RunningStack _stack = null!;
    private IReadOnlyList<LocalMonitor> _parts = [];

    public void Dispose() => _http.Dispose();

    [MonitoringFact]
    public async Task Stopped_database_raises_the_plans_alert_which_reaches_the_alertmanager()
    {
        await using var stack = await StartAsync(isolated: false);
        await EveryPodIsScrapedAndTheBalancerAsked();
        await EveryRuleOfThePlanIsLoaded();
        await ChangedPlanChangesTheRules();
        Assert.DoesNotContain(await AlertsAsync(), alert => Is(alert, "InstanceNotReady"));

        await stack.Client.ScaleAsync(0, "database");

        await UntilAsync(
            "probe_success == 0", samples => samples.Length == 1, "the blackbox exporter sees that the service is not healthy");
        await UntilAsync(
            """ALERTS{alertname="InstanceNotReady",alertstate="firing"}""",
            samples => samples.Length == 2,
            "the alert fires for both pods");
        await UntilAsync(
            AlertsAsync,
            alerts => alerts.Count(alert => Is(alert, "InstanceNotReady")) == 2,
            "Alertmanager has the alerts of both pods");
        var pods = (await stack.StatusAsync()).Pods.Where(p => p.Workload == "orders").Select(p => p.Name).Order();
        var alerts = (await AlertsAsync()).Where(alert => Is(alert, "InstanceNotReady")).ToList();
        Assert.Equal(pods, alerts.Select(alert => Label(alert, "pod")).Order());
        Assert.All(alerts, alert => Assert.Equal("ticket", Label(alert, "severity")));
        Assert.DoesNotContain(
            stack.Events, e => e.Kind is LocalEventKind.Failure || e.Subject.StartsWith("monitoring to", StringComparison.Ordinal));
    }

    /// <summary>Nothing in them answers an address of the machine that no rule of the Plan admits.</summary>
    [MonitoringFact(needsRoot: true)]
    public async Task Pods_with_networks_of_their_own_are_scraped_and_the_balancer_is_asked()
    {
        await using var stack = await StartAsync(isolated: true);
        await EveryPodIsScrapedAndTheBalancerAsked();
    }

    private async Task<RunningStack> StartAsync(bool isolated)
    {
        _stack = await RunningStack.StartAsync(
            RunningStack.Small(await RunningStack.LongDeadlinesPlanAsync()), Speed, isolated, change: options =>
                options with { Monitoring = true });
        _parts = (await _stack.StatusAsync()).Monitoring;
        return _stack;
    }

    private async Task EveryPodIsScrapedAndTheBalancerAsked()
    {
        var pods = (await _stack.StatusAsync()).Pods.Where(p => p.Workload == "orders").Select(p => p.Name).Order().ToList();
        var scraped = await UntilAsync(
            """up{job="orders",namespace="orders",endpoint="management"} == 1""",
            samples => samples.Length == pods.Count,
            "every pod is scraped");
        Assert.Equal(pods, scraped.Select(sample => sample.GetProperty("metric").GetProperty("pod").GetString()).Order());

        // The number is the service's own; that something answered on the port would not be enough.
        await UntilAsync(
            "candor_health_ready == 1", samples => samples.Length == pods.Count, "every pod's own metric says that it is ready");
        var asked = await UntilAsync(
            """probe_success{job="orders-outside"} == 1""",
            samples => samples.Length == 1,
            "the blackbox exporter gets 200 from the balancer");
        Assert.Equal($"{_stack.Url}health", asked[0].GetProperty("metric").GetProperty("instance").GetString());
    }

    private async Task EveryRuleOfThePlanIsLoaded()
    {
        var wanted = _stack.Plan.Resources.Where(r => r.Type == ResourceTypes.PrometheusRule)
            .SelectMany(r => r.Inputs["spec"]["groups"].Items)
            .SelectMany(group => group["rules"].Items)
            .Select(rule => rule["alert"].Text)
            .Order()
            .ToList();
        Assert.NotEmpty(wanted);
        var rules = await UntilAsync(
            RulesAsync,
            rules => rules.Length == wanted.Count && rules.All(rule => rule.GetProperty("health").GetString() == "ok"),
            "every rule is loaded and can be evaluated");
        Assert.Equal(wanted, rules.Select(Name).Order());

        var noticed = _stack.Plan.Timeline!.BalancerNoticesFailure.Worst;
        var breaker = rules.Single(rule => Name(rule) == "CircuitBreakerOpen");
        Assert.Equal(noticed.TotalSeconds / Speed, breaker.GetProperty("duration").GetDouble(), 3);
    }

    private async Task ChangedPlanChangesTheRules()
    {
        var changed = _stack.Plan with
        {
            Resources = [
                .. _stack.Plan.Resources.Select(r => r.Type == ResourceTypes.PrometheusRule ? WithoutGroup(r, "orders-errors") : r)],
        };

        await _stack.Client.ApplyAsync(changed);

        await UntilAsync(
            RulesAsync,
            rules => rules.Length > 0 && rules.All(rule => Name(rule) is not "ErrorBudgetBurnsFast"),
            "the rules that the Plan has no more are gone");
    }

    private static PlanResource WithoutGroup(PlanResource rule, string name)
    {
        var inputs = rule.Inputs.ToNode()!;
        var groups = inputs["spec"]!["groups"]!.AsArray();
        groups.Remove(groups.Single(group => (string?)group!["name"] == name));
        return rule with { Inputs = PlanValue.From(inputs) };
    }

    private async Task<JsonElement[]> RulesAsync() =>
        [
            .. (await _http.GetFromJsonAsync<JsonElement>($"{Part("Prometheus")}/api/v1/rules"))
                .GetProperty("data")
                .GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()),
        ];

    private static string? Name(JsonElement rule) => rule.GetProperty("name").GetString();

    private string Part(string name) => _parts.Single(part => part.Name == name).Url;

    private static bool Is(JsonElement alert, string name) => Label(alert, "alertname") == name;

    private static string? Label(JsonElement alert, string name) => alert.GetProperty("labels").GetProperty(name).GetString();

    private async Task<JsonElement[]> AlertsAsync() =>
        await _http.GetFromJsonAsync<JsonElement[]>($"{Part("Alertmanager")}/api/v2/alerts") ?? [];

    private Task<JsonElement[]> UntilAsync(string query, Func<JsonElement[], bool> wanted, string what) => UntilAsync(
        async () =>
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>(
                $"{Part("Prometheus")}/api/v1/query?query={Uri.EscapeDataString(query)}");
            return answer.GetProperty("data").GetProperty("result").EnumerateArray().ToArray();
        },
        wanted,
        what);

    private async Task<JsonElement[]> UntilAsync(Func<Task<JsonElement[]>> ask, Func<JsonElement[], bool> wanted, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await AnswerAsync(ask);
            if (wanted(answer))
            {
                return answer;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < RunningStack.Limit,
                $"It did not come about that {what}; the last answer was:\n{string.Join('\n', answer)}\nWhat happened:\n{_stack.Story()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task<JsonElement[]> AnswerAsync(Func<Task<JsonElement[]>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            // Only just starting.
            return [];
        }
    }
}
