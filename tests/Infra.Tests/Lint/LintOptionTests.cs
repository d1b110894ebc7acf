using System.Text;
using Candor.Cli;
using Candor.Cli.Parsing;
using Candor.Infra.Tests.Program;
using Candor.Infra.Tests.Rules;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Infra.Tests.Lint;

/// <summary>What <c>lint</c> is told beside the plan: rules, waivers, severities, baselines, and where it reads from.</summary>
public sealed class LintOptionTests : IDisposable
{
    private const string Manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec:
          replicas: 1
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers:
                - name: web
                  image: web:1
                  ports: [{ containerPort: 8080 }]
                  readinessProbe: { httpGet: { path: /ready, port: 8080 } }
        ---
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: shop }
            spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
          - apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              namespace: shop
              annotations:
                alb.ingress.kubernetes.io/healthcheck-path: /deep
                alb.ingress.kubernetes.io/healthcheck-interval-seconds: "60"
                alb.ingress.kubernetes.io/unhealthy-threshold-count: "10"
            spec:
              ingressClassName: alb
              defaultBackend: { service: { name: web, port: { number: 80 } } }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("candor-lint-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly string _plan;

    public LintOptionTests()
    {
        _plan = Path.Combine(_directory, "plan.json");
        var plan = OtherPlanTests.Sleeping(OtherPlanTests.WithoutContract()).Set(GoodPlan.Group, "healthCheck.port", "\"9999\"").Remove(GoodPlan.Group, "healthCheck.timeout");
        File.WriteAllText(_plan, PlanJson.Serialize(plan));
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0, "--select", "HC001")]
    [InlineData(1, "--select", "HC")]
    [InlineData(0, "--ignore", "HC002")]
    [InlineData(0, "--waive", "HC002=A sidecar listens there.")]
    [InlineData(0, "--waive", "HC002@orders=A sidecar listens there.")]
    [InlineData(1, "--waive", "HC002@basket=A sidecar listens there.")]
    [InlineData(0, "--fail-on", "never")]
    [InlineData(1, "--select", "HC001", "--fail-on", "note")]
    [InlineData(0, "--select", "HC001", "--fail-on", "warning")]
    [InlineData(2, "--select", "HX")]
    [InlineData(2, "--waive", "HC002")]
    [InlineData(2, "--severity", "loud")]
    [InlineData(2, "--baseline", "no-such-file.json")]
    [InlineData(2, "--config", "no-such-file.yaml")]
    public async Task Options_choose_what_fails(int exitCode, params string[] options) => Assert.Equal(exitCode, await RunAsync(["lint", _plan, .. options]));

    [Fact]
    public async Task Severity_leaves_out_what_weighs_less()
    {
        await RunAsync("lint", _plan, "--severity", "error", "--json", "-");
        Assert.DoesNotContain("HC001", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("HC002", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_findings_do_not_fail_and_new_ones_do()
    {
        var baseline = Path.Combine(_directory, "baseline.json");
        Assert.Equal(ExitCode.Fine, await RunAsync("lint", _plan, "--write-baseline", baseline));
        Assert.Equal(ExitCode.Fine, await RunAsync("lint", _plan, "--baseline", baseline));
        Assert.Contains("2 findings known before", _out.ToString(), StringComparison.Ordinal);
        var plan = PlanReader.Read(await File.ReadAllBytesAsync(_plan), "plan.json").Set(GoodPlan.Group, "healthCheck.path", "\"/other\"");
        await File.WriteAllTextAsync(_plan, PlanJson.Serialize(plan));
        Assert.Equal(ExitCode.Failure, await RunAsync("lint", _plan, "--baseline", baseline));
    }

    [Fact]
    public async Task Settings_file_beside_the_plan_holds_and_a_mistake_in_it_is_told_with_its_place()
    {
        var settings = Path.Combine(_directory, ".candor-lint.yaml");
        await File.WriteAllTextAsync(settings, "waive:\n  HC002@orders: A sidecar listens there.\nignore: [SE, HC001]\nfail-on: note\n");
        Assert.Equal(ExitCode.Fine, await RunAsync("lint", _plan));
        Assert.Contains("1 finding waived", _out.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(settings, "waive: {}\nfailon: note\n");
        Assert.Equal(ExitCode.Usage, await RunAsync("lint", _plan));
        Assert.Contains("line 2", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("fail-on", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing/plan.json")]
    [InlineData("missing.yaml")]
    public async Task Missing_file_is_told_as_a_missing_file(string name)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("lint", name));
        Assert.Contains($"There is no file {name}.", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_and_manifests_are_read_from_standard_input()
    {
        Assert.Equal(ExitCode.Failure, await RunWithInputAsync(await File.ReadAllTextAsync(_plan), "lint", "-"));
        Assert.Contains("HC002", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await RunWithInputAsync(Manifests, "lint", "-"));
        Assert.Contains("kubernetes:apps/v1:Deployment::shop/web", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_of_manifests_is_held_against_the_rules_across_resources()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "manifests", "shop"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "web.yaml"), Manifests);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "values.yaml"), "image: web\n");
        Assert.Equal(ExitCode.Failure, await RunAsync("lint", Path.Combine(_directory, "manifests"), "--json", "-"));
        var told = _out.ToString();
        Assert.Contains("HC002", told, StringComparison.Ordinal);
        Assert.Contains("noticed after 10m (10 × 1m)", told, StringComparison.Ordinal);
        Assert.Contains("RO003", told, StringComparison.Ordinal);
        Assert.Contains("GS001", told, StringComparison.Ordinal);
        Assert.DoesNotContain("ignoreChanges", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_that_nobody_rendered_is_told_how_to_be_read()
    {
        var file = Path.Combine(_directory, "deployment.yaml");
        await File.WriteAllTextAsync(file, "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  {{- if .Values.x }}\n");
        Assert.Equal(ExitCode.Usage, await RunAsync("lint", file));
        Assert.Contains("helm template . | ./candor lint -", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overview_fits_a_screen_and_details_come_with_explain()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "many")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "all.yaml"), string.Join("\n---\n", Enumerable.Range(0, 60).Select(i => Manifests.Replace("name: web", $"name: web{i}", StringComparison.Ordinal).Replace("app: web", $"app: web{i}", StringComparison.Ordinal))));
        await RunAsync("lint", folder);
        Assert.InRange(_out.ToString().Split('\n').Length, 15, 45);
        Assert.Contains("more in", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Fix: ", _out.ToString(), StringComparison.Ordinal);
        await RunAsync("lint", folder, "--explain");
        Assert.Contains("Fix: ", _out.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => RunWithInputAsync(string.Empty, arguments);

    private Task<int> RunWithInputAsync(string input, params string[] arguments) => CommandLine.RunAsync(arguments, new(RepositoryFile.Root, Console(_out), Console(_error), TimeProvider.System)
    {
        In = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
    });

    private static IAnsiConsole Console(TextWriter writer) =>
        AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
}
