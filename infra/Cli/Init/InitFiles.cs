using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Program.Config;

namespace Candor.Cli.Init;

/// <summary>The files that <c>./candor init</c> writes for a service: contract, one stack file each for development and production, workflow.</summary>
internal sealed class InitFiles
{
    // A digest that there is not, so that nothing is deployed by it.
    private const string ExampleDigest = "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _root;
    private readonly FoundService _service;
    private readonly HealthContract _contract;

    internal InitFiles(string projectDirectory, FoundService service)
    {
        _root = Path.GetFullPath(projectDirectory);
        _service = service;
        _contract = service.Contract;
        var first = File.Exists(Path.Combine(_root, "Pulumi.dev.yaml")) && !IsOwn("dev") ? $"{service.Name}-" : string.Empty;
        (Development, Production) = ($"{first}dev", $"{first}prod");
        var beside = service.Project is { } project ? Path.GetRelativePath(_root, Path.GetDirectoryName(project)!) : "..";
        ContractIsBesideTheApp = !beside.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(beside);
        ContractFile = ContractIsBesideTheApp ? Path.Combine(beside, "contract.json") : Path.Combine("contracts", $"{service.Name}.json");
    }

    /// <summary>The stack for development: <c>dev</c>, or <c>NAME-dev</c> where another service has that file.</summary>
    internal string Development { get; }

    /// <summary>The stack for production.</summary>
    internal string Production { get; }

    /// <summary>The contract's file, relative to the project directory.</summary>
    internal string ContractFile { get; }

    /// <summary>Whether app and stack read the same file, because they are in one repository.</summary>
    internal bool ContractIsBesideTheApp { get; }

    /// <summary>Every file with its text, relative to the project directory, in the order in which they are written.</summary>
    internal IEnumerable<(string Path, string Text)> All() =>
    [
        (ContractFile, ContractText()),
        ($"Pulumi.{Development}.yaml", DevelopmentText()),
        ($"Pulumi.{Production}.yaml", ProductionText()),
        (Path.Combine(".github", "workflows", $"candor-{_service.Name}.yml"), WorkflowText()),
    ];

    // Written by an init before.
    private bool IsOwn(string stack) => File.ReadLines(Path.Combine(_root, $"Pulumi.{stack}.yaml")).Any(line => line.Trim() == $"candor:name: {_service.Name}");

    private bool Dials(string kind) => _contract.Dependencies.Any(dependency => dependency.Kind == kind);

    private bool DialsOutside => _contract.Dependencies.Any(dependency => !DependenciesConfig.Provides(dependency.Kind));

    /// <summary>What differs from the defaults, and nothing else: the rest is said by <c>./candor contract --explain</c>.</summary>
    private string ContractText()
    {
        var defaults = new HealthContract();
        var json = new JsonObject();
        if (_contract.Port != defaults.Port)
        {
            json["port"] = _contract.Port;
        }

        if (_contract.ManagementPort != defaults.ManagementPort)
        {
            json["managementPort"] = _contract.ManagementPort;
        }

        json["dependencies"] = new JsonArray([.. _contract.Dependencies.Select(Written)]);
        return json.ToJsonString(Indented) + "\n";
    }

    private static JsonNode Written(Dependency dependency)
    {
        var json = new JsonObject { ["name"] = dependency.Name, ["kind"] = dependency.Kind };
        if (dependency.Importance == DependencyImportance.Soft)
        {
            json["importance"] = "soft";
        }

        if (dependency.Port is { } port)
        {
            json["port"] = port;
        }

        return json;
    }

    private string DevelopmentText() => $"""
        # {_service.Name} for development: everything in the cluster, reachable inside the VPC. Written by ./candor init; yours to change.
        # The ids, names and address ranges of the network are examples: put yours here before `pulumi up`. A preview and ./candor up need none.
        {Secrets("Password")}config:
          candor:environment: dev
          candor:name: {_service.Name}
          candor:image: {_service.Image}:0.1.0
          candor:contract: {Quoted(ContractFile.Replace('\\', '/'))}
        {Local()}  candor:clusterName: candor-dev
          candor:vpcId: vpc-0dev0dev0dev0dev0
          candor:balancerSubnetIds: [subnet-0dev0000000000001, subnet-0dev0000000000002]
          candor:balancerSubnetCidrs: [10.20.0.0/24, 10.20.1.0/24]
          candor:nodeCidrs: [10.20.16.0/20, 10.20.32.0/20]
        {(DialsOutside ? "  candor:dependencyCidrs: [10.20.64.0/22]\n" : string.Empty)}{Endpoints()}  candor:internal: true
          candor:allowedCidrs: [10.0.0.0/8]
          candor:deletionProtection: false
          candor:dependencies: inCluster
          candor:waive:
            LB001: a development stack is reachable inside the VPC only and has no certificate
            LB003: a development stack keeps no access logs
            LB004: a development stack is made and deleted often
            IM001: a development stack follows tags

        """;

    private string ProductionText() => $"""
        # {_service.Name} for production. Written by ./candor init; yours to change. Every id, name and digest is an example: put yours here.
        {Secrets("Connection")}config:
          candor:environment: prod
          candor:name: {_service.Name}
          candor:image: {_service.Image}@{ExampleDigest}
          candor:contract: {Quoted(ContractFile.Replace('\\', '/'))}
          candor:clusterName: candor-prod
          candor:minReplicas: 3
          candor:maxReplicas: 12
          candor:vpcId: vpc-0prod000000000000
          candor:balancerSubnetIds: [subnet-0prod000000000001, subnet-0prod000000000002, subnet-0prod000000000003]
          candor:balancerSubnetCidrs: [10.40.0.0/24, 10.40.1.0/24, 10.40.2.0/24]
          candor:nodeCidrs: [10.40.16.0/20, 10.40.32.0/20, 10.40.48.0/20]
          candor:dependencyCidrs: [10.40.64.0/22]
        {Endpoints()}  candor:allowedCidrs: [0.0.0.0/0, "::/0"]
          candor:domain: {_service.Name}.example.com
          candor:zone: example.com
          candor:webAclArn: arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/example/4f53cda1
          candor:accessLogsBucket: example-candor-access-logs
          candor:desyncMitigation: strictest
          candor:dependencies: external
        {(Dials(DependencyKind.Postgres) ? "  candor:databaseMaxConnections: 500\n" : string.Empty)}  candor:runbookUrl: https://runbooks.example.com/{_service.Name}

        """;

    /// <summary>Which secrets the stack wants, as the commands that set them.</summary>
    private string Secrets(string end)
    {
        var own = _contract.Dependencies
            .Where(dependency => DependenciesConfig.Provides(dependency.Kind))
            .Select(dependency => $"pulumi config set --secret candor:{DependenciesConfig.Provided[dependency.Kind]}{end}");
        var others = _contract.Dependencies
            .Where(dependency => !DependenciesConfig.Provides(dependency.Kind) && dependency.Kind != DependencyKind.Http)
            .Select(dependency => $"pulumi config set --secret --path 'candor:connections.{dependency.Name}' VALUE");
        var commands = own.Concat(others).ToList();
        return commands.Count == 0 ? string.Empty : $"# Secrets; a preview needs none:\n{string.Concat(commands.Select(command => $"#   {command}\n"))}";
    }

    private string Endpoints()
    {
        var http = _contract.Dependencies.Where(dependency => dependency.Kind == DependencyKind.Http).ToList();
        return http.Count == 0
            ? string.Empty
            : $"  candor:endpoints:\n{string.Concat(http.Select(dependency => $"    {dependency.Name}: https://{dependency.Name}.example.com\n"))}";
    }

    private string Local()
    {
        var what = _service.Command is { } command
            ? $"command: {Quoted(command)}"
            : _service.Project is { } project ? $"project: {Quoted(Path.GetRelativePath(_root, project).Replace('\\', '/'))}" : null;
        return what is null ? string.Empty : $"  candor:local: {{ {Quoted(_service.Image)}: {{ {what} }} }}\n";
    }

    private string WorkflowText() => new StringBuilder($$$"""
        # What a pull request means for {{{_service.Name}}}, in the run's summary: lint, and the difference from the base. Without any credential,
        # also for forks. Written by ./candor init; yours to change.
        name: candor {{{_service.Name}}}

        on:
          pull_request:

        permissions:
          contents: read

        concurrency:
          group: candor-{{{_service.Name}}}-${{ github.event.pull_request.number }}
          cancel-in-progress: true

        jobs:
          preview:
            runs-on: ubuntu-24.04
            timeout-minutes: 20
            steps:
              - uses: actions/checkout@11d5960a326750d5838078e36cf38b85af677262 # v4.4.0
                with:
                  fetch-depth: 0
                  persist-credentials: false
              - uses: actions/setup-dotnet@67a3573c9a986a3f9c594539f4ab511d57bb3ce9 # v4.3.1
                with:
                  global-json-file: global.json
              - name: Lint and compare with the base
                env:
                  BASE: ${{ github.event.pull_request.base.sha }}
                run: |
                  for stack in {{{Development}}} {{{Production}}}; do
                    ./candor lint "$stack"
                    if git cat-file -e "$BASE:./Pulumi.$stack.yaml"; then
                      ./candor diff "$BASE" . --stack "$stack" --markdown - >> "$GITHUB_STEP_SUMMARY"
                    else
                      ./candor preview "$stack" --markdown - >> "$GITHUB_STEP_SUMMARY"
                    fi
                  done

        """).Replace("\r\n", "\n").ToString();

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
