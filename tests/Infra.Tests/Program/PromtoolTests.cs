using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Candor.Infra.Tests.Planning;
using Candor.Planning;

namespace Candor.Infra.Tests.Program;

/// <summary>Prometheus' own tool reads the rules of the stack, and says when they fire.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class PromtoolTests : IDisposable
{
    private const string Database = "dependency=\"database\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-rules-");

    public void Dispose() => _folder.Delete(recursive: true);

    [PromtoolFact]
    public async Task Rules_of_the_stack_are_read_by_promtool_without_a_complaint()
    {
        await WriteRulesAsync();

        await PromtoolAsync("check", "rules", "--lint=all", "--lint-fatal", "rules.json");
    }

    [PromtoolFact]
    public async Task Rules_of_the_stack_fire_for_their_faults_and_for_nothing_else()
    {
        Sample[] healthy =
        [
            new("candor_http_requests_total", "0+50x400", "status=\"2xx\""),
            new("candor_health_ready", "1x400"),
            new("candor_draining_since_seconds", "0x400"),
            new("candor_pool_connections_waiting", "0x400", Database),
            new("candor_pool_connections_in_use", "3x400", Database),
            new("candor_pool_connections_max", "15x400", Database),
            new("candor_breaker_state", "0x400", Database),
            new("candor_contract_info", "1x400", $"hash=\"{await WriteRulesAsync()}\""),
        ];
        Sample[] Other(params Sample[] samples) => [.. healthy.Where(one => !samples.Any(other => other.Metric == one.Metric)), .. samples];
        Sample[] errors = [.. healthy, new("candor_http_requests_total", "0+5x400", "status=\"5xx\"")];
        Sample[] notReady = [new("candor_health_ready", "0x400", "pod=\"b\""), new("candor_draining_since_seconds", "0x400", "pod=\"b\"")];

        await FireAsync(
            new("healthy", "90m", healthy),
            new("no traffic", "90m", healthy[1..]),
            new("one in ten fails", "60m", errors, "ErrorBudgetBurnsFast", "ErrorBudgetBurnsSlowly", "HealthCheckVsErrorRateMismatch"),
            new("and says so", "60m", [.. errors, .. notReady], "ErrorBudgetBurnsFast", "ErrorBudgetBurnsSlowly", "InstanceNotReady"),
            new("draining", "60m", Other(new("candor_health_ready", "0x400"), new("candor_draining_since_seconds", "1700000000x400"))),
            new("one burst", "12m30s", Other(
                new(
                    "candor_pool_connections_waiting",
                    "0x40 5 0x300",
                    Database), new("candor_pool_connections_in_use", "3x40 15 3x300", Database))),
            new(
                "a full pool whose queue is seen in every third scrape",
                "10m",
                Other(
                    new("candor_pool_connections_waiting", string.Join(' ', Enumerable.Repeat("0 0 5", 30)), Database),
                    new("candor_pool_connections_in_use", "15x400", Database)),
                "ConnectionPoolSaturated"),
            new("open breaker", "10m", Other(new Sample("candor_breaker_state", "2x400", "dependency=\"queue\"")), "CircuitBreakerOpen"),
            new("another contract", "60m", Other(new Sample("candor_contract_info", "1x400", "hash=\"other\"")), "ContractDrift"));
    }

    // Gives the hash of the contract that the rules expect.
    private async Task<string> WriteRulesAsync()
    {
        var plan = await PlanRecorder.RecordAsync(ProjectFolder.Path, "dev", CancellationToken.None);
        var groups = plan.Resources.Where(resource => resource.Type == ResourceTypes.PrometheusRule)
            .SelectMany(resource => resource.Inputs["spec"]["groups"].Items).Select(group => group.ToNode()).ToArray();
        var rules = new JsonObject { ["groups"] = new JsonArray(groups) };
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "rules.json"), rules.ToJsonString());
        var drift = groups.SelectMany(group => group!["rules"]!.AsArray()).Single(rule => (string?)rule!["alert"] == "ContractDrift");
        return Regex.Match((string)drift!["expr"]!, "hash!=\"([^\"]+)\"").Groups[1].Value;
    }

    private async Task FireAsync(params Case[] cases)
    {
        var text = "rule_files: [rules.json]\nevaluation_interval: 15s\ntests:\n" + string.Concat(cases.Select(one => one.ToYaml()));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "test.yaml"), text);
        await PromtoolAsync("test", "rules", "test.yaml");
    }

    private async Task PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = promtool.StandardError.ReadToEndAsync();
        var output = await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, $"promtool {string.Join(' ', arguments)}:\n{output}{await error}");
    }

    /// <summary>A metric of the service over time, in promtool's notation, a sample every 15 s.</summary>
    private sealed record Sample(string Metric, string Values, string Labels = "pod=\"a\"");

    /// <summary>What is measured, and which alerts fire at a time.</summary>
    private sealed record Case(string Name, string At, Sample[] Samples, params string[] Alerts)
    {
        internal string ToYaml()
        {
            var series = Samples.Select(one =>
                $"  - {{ series: '{one.Metric}{{job=\"orders\",namespace=\"orders\",{one.Labels}}}', values: '{one.Values}' }}\n");
            var expected = Alerts.Select(alert => $"{{ labels: '{{alertname=\"{alert}\"}}', value: 1 }}");
            return $"- interval: 15s\n  name: {Name}\n  input_series:\n{string.Concat(series)}"
                + "  promql_expr_test:\n  - expr: '(count by (alertname) (ALERTS{alertstate=\"firing\"})) > bool 0'\n"
                + $"    eval_time: {At}\n    exp_samples: [{string.Join(", ", expected)}]\n";
        }
    }
}

/// <summary>A test that needs Prometheus' own tool; it is skipped, with the reason, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "promtool")))
            ? null
            : "promtool (package prometheus) is not installed.";
}
