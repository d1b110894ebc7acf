using Candor.Cli;
using Candor.Cli.Parsing;
using Candor.Cli.Terminal;
using Candor.Contract;
using Candor.Infra.Tests.Planning;
using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Infra.Tests.Cli;

/// <summary><c>./candor init</c>: what is found in a project, what is written, and that nothing is overwritten.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class InitTests : IDisposable
{
    private readonly TemporaryProject _project = new();
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("candor-app-");
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public InitTests()
    {
        Write("Todo.Api.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" Version="10.0.0" />
                <PackageReference Include="Microsoft.Extensions.Caching.StackExchangeRedis" Version="10.0.0" />
                <ProjectReference Include="..\Todo.Events\Todo.Events.csproj" />
              </ItemGroup>
            </Project>
            """);
        Write("../Todo.Events/Todo.Events.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="MassTransit.RabbitMQ" /></ItemGroup></Project>
            """);
        Write("appsettings.json", """{ /* as people write it */ "ConnectionStrings": { "Todos": "Host=localhost;Database=todos" }, }""");
        Write("Dockerfile", "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nEXPOSE 8081\n");
        Write("Program.cs", "var app = WebApplication.Create();\napp.MapHealthChecks(\"/health\");\n");
    }

    private string App => Path.Combine(_elsewhere.FullName, "Todo.Api");

    public void Dispose()
    {
        _project.Dispose();
        _elsewhere.Delete(recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Service_is_found_written_and_previewed()
    {
        Assert.Equal(0, await RunAsync("init", App, "--yes"));

        var contract = ContractJson.Parse(Read("contracts/todo-api.json"), "written");
        Assert.Equal(8081, contract.Port);
        Assert.Equal(
            ["cache redis Soft", "queue rabbitMq Soft", "todos postgres Required"],
            contract.Dependencies.Select(dependency => $"{dependency.Name} {dependency.Kind} {dependency.Importance}").Order());
        var text = _out.ToString();
        Assert.All(
            [
                "found: todos: postgres, from the package Npgsql.EntityFrameworkCore.PostgreSQL and the connection string Todos.",
                "found: Port 8081: EXPOSE in the Dockerfile.", "Program.cs, line 2: MapHealthChecks(…) gives way to app.MapCandor()",
                "written: contracts/todo-api.json", "written: Pulumi.todo-api-dev.yaml", "written: Pulumi.todo-api-prod.yaml",
                "written: .github/workflows/candor-todo-api.yml",
                "Nothing was found in", "balancer stops sending", "dotnet add package Candor.Health.Postgres",
                "Name = \"todos\", Kind = \"postgres\"",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Contains("stack: 'todo-api-dev'", Read("candor.local.yaml"), StringComparison.Ordinal);
        Assert.Contains($"'ghcr.io/example/todo-api': {{ project: '", Read("Pulumi.todo-api-dev.yaml"), StringComparison.Ordinal);
        foreach (var stack in new[] { "todo-api-dev", "todo-api-prod" })
        {
            var plan = await PlanRecorder.RecordAsync(_project.Path, stack, CancellationToken.None);
            Assert.Empty(Linter.Lint(plan).Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
            Assert.DoesNotContain(plan.Resources, resource => resource.Name.Contains("orders", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_the_same_again_changes_nothing()
    {
        Assert.Equal(0, await RunAsync("init", App, "--yes"));
        _project.Write("contracts/todo-api.json", """{"port":8085,"dependencies":[]}""");
        var before = Files();

        Assert.Equal(0, await RunAsync("init", App, "--yes"));

        Assert.Equal(before, Files());
        Assert.Contains("kept: contracts/todo-api.json is there and was not overwritten", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("as it is: Pulumi.todo-api-prod.yaml", _out.ToString(), StringComparison.Ordinal);

        string[] Files() =>
            [.. Directory.GetFiles(_project.Path, "*", SearchOption.AllDirectories).Order()
                .Select(file => $"{file}: {File.ReadAllText(file)}")];
    }

    [Fact]
    public async Task Service_in_the_stack_s_repository_shares_one_contract_file()
    {
        var inside = Path.Combine(_project.Path, "src", "Todo.Api");
        Directory.CreateDirectory(inside);
        File.Copy(Path.Combine(App, "Todo.Api.csproj"), Path.Combine(inside, "Todo.Api.csproj"));
        File.Delete(Path.Combine(_project.Path, "Pulumi.dev.yaml"));

        Assert.Equal(0, await RunAsync("init", inside, "--yes"));

        Assert.True(File.Exists(Path.Combine(inside, "contract.json")));
        Assert.Contains("candor:contract: 'src/Todo.Api/contract.json'", Read("Pulumi.dev.yaml"), StringComparison.Ordinal);
        Assert.Contains("File.ReadAllText(\"contract.json\")", _out.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_project.Path, "candor.local.yaml")));
    }

    [Fact]
    public async Task Questions_show_what_was_found_and_take_what_is_answered()
    {
        Assert.Equal(0, await RunAsync(["init", App], "Todo\ntodo\nghcr.io/acme/todo\n80\n8090\ndatabase=postgres payments=http\n"));

        Assert.Contains("Name, of its objects, alarms and database [todo-api]", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("The name is 'Todo'; it must be a DNS label", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("a number from 1024 to 65535", _error.ToString(), StringComparison.Ordinal);
        var contract = ContractJson.Parse(Read("contracts/todo.json"), "written");
        Assert.Equal(8090, contract.Port);
        Assert.Equal(["database", "payments"], contract.Dependencies.Select(dependency => dependency.Name));
        Assert.Contains("payments: https://payments.example.com", Read("Pulumi.todo-dev.yaml"), StringComparison.Ordinal);
        Assert.Contains("candor:image: ghcr.io/acme/todo:0.1.0", Read("Pulumi.todo-dev.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_in_another_language_has_a_command_and_what_the_stack_does_not_make_a_secret()
    {
        Assert.Equal(0, await RunAsync(
            "init", "--name", "shop", "--command", "node server.js {port}", "--dependency", "mysql", "--dependency", "events=kafka"));

        const string Local = "candor:local: { 'ghcr.io/example/shop': { command: 'node server.js {port}' } }";
        Assert.Contains(Local, Read("Pulumi.shop-dev.yaml"), StringComparison.Ordinal);
        const string Secret = "pulumi config set --secret --path 'candor:connections.events' VALUE";
        Assert.Contains(Secret, Read("Pulumi.shop-prod.yaml"), StringComparison.Ordinal);
        var plan = await PlanRecorder.RecordAsync(_project.Path, "shop-dev", CancellationToken.None);
        Assert.Empty(Linter.Lint(plan).Findings.Select(finding => $"{finding.Rule} {finding.Resource} {finding.Summary}"));
        var secret = Assert.Single(plan.Index.OfType("kubernetes:core/v1:Secret"), resource => resource.KubernetesName == "shop");
        Assert.Equal("[secret:candor:connections.mysql]", secret.Inputs["stringData"]["ConnectionStrings__mysql"].Text);
    }

    [Theory]
    [InlineData("is not there; it must be a project", "init", "/nowhere/at/all")]
    [InlineData("The name is 'Todo_Api'", "init", "APP", "--name", "Todo_Api")]
    [InlineData("The port is '80'", "init", "APP", "--port", "80")]
    [InlineData("without tag and digest", "init", "APP", "--image", "todo:1")]
    [InlineData("Write NAME=KIND", "init", "APP", "--dependency", "data base=postgres")]
    [InlineData("--command needs --name", "init", "--command", "node x.js")]
    [InlineData("say two things", "init", "APP", "--command", "node x.js", "--name", "x")]
    public async Task Mistake_is_told_and_nothing_is_written(string told, params string[] words)
    {
        var before = Directory.GetFiles(_project.Path, "*", SearchOption.AllDirectories);

        Assert.Equal(2, await RunAsync([.. words.Select(word => word == "APP" ? App : word)]));

        Assert.Contains(told, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(_project.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Contract_explains_what_was_said_and_what_was_assumed()
    {
        Assert.Equal(0, await RunAsync("init", App, "--yes"));
        File.AppendAllText(Path.Combine(_project.Path, "Pulumi.todo-api-dev.yaml"), "  candor:health: { balancer: { interval: 7s } }\n");
        _out.GetStringBuilder().Clear();

        Assert.Equal(0, await RunAsync("contract", "todo-api-dev", "--explain"));

        var text = _out.ToString();
        Assert.Matches(@"balancer\.interval +7s +candor:health", text);
        Assert.Matches(@"port +8081 +contracts/todo-api\.json", text);
        Assert.Matches(@"dependencies\[todos\] +postgres, required +contracts/todo-api\.json", text);
        Assert.Contains("readiness: initialDelay 5s, period 10s", text, StringComparison.Ordinal);
        Assert.Contains(
            "todos: read by the app as ConnectionStrings__todos, port 5432, not ready without it, checked within 1s, "
                + "at most 15 connections",
            text,
            StringComparison.Ordinal);

        _out.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("contract", "todo-api-dev"));
        Assert.Equal(8081, ContractJson.Parse(_out.ToString(), "shown").Port);
        Assert.Equal(2, await RunAsync("contract", "todo-api-dev", "--service", "nobody"));
        Assert.Contains("Its services: todo-api.", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] words) => RunAsync(words, null);

    private Task<int> RunAsync(string[] words, string? answers) => CommandLine.RunAsync(
        words,
        new CliContext(_project.Path, SafeConsole.Of(_out, redirected: true), SafeConsole.Of(_error, redirected: true), TimeProvider.System)
        {
            Replies = answers is null ? null : new StringReader(answers),
        });

    private string Read(string file) => File.ReadAllText(Path.Combine(_project.Path, file));

    private void Write(string file, string text)
    {
        var path = Path.GetFullPath(Path.Combine(App, file));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
