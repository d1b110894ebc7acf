using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Candor.Doctor.Model;
using Candor.Doctor.Tests.Url;

namespace Candor.Doctor.Tests.Cluster;

/// <summary>
/// A recorded state of a real cluster, and a stand-in for <c>kubectl</c> that answers from it as the real one did: it knows <c>get</c>,
/// <c>logs</c>, <c>proxy</c>, <c>config</c> and <c>auth can-i</c>, and refuses everything else.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private static readonly string Recordings = Path.Combine(AppContext.BaseDirectory, "Recordings");
    private static readonly string[] BalancerRanges = ["10.20.0.0/24", "10.20.1.0/24"];

    private readonly string _folder = Directory.CreateTempSubdirectory("candor-doctor-").FullName;
    private RawServer? _server;

    private Replay(string state)
    {
        var healthy = Read("healthy");
        var recorded = state == "healthy" ? healthy : Read(state);
        foreach (var (kind, items) in healthy["kinds"]!.AsObject())
        {
            Kinds[kind] = (recorded["kinds"]?[kind] ?? items)!.DeepClone().AsArray();
        }

        foreach (var (pod, text) in recorded["logs"]?.AsObject() ?? [])
        {
            Logs[pod] = text!.GetValue<string>();
        }

        foreach (var (pod, text) in recorded["previous"]?.AsObject() ?? [])
        {
            Previous[pod] = text!.GetValue<string>();
        }

        foreach (var (path, answer) in recorded["answers"]?.AsObject() ?? [])
        {
            Answers[path] = answer!.DeepClone().AsObject();
        }
    }

    /// <summary>Every state that was recorded.</summary>
    internal static IEnumerable<string> States => Directory.GetFiles(Recordings, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    internal Dictionary<string, JsonArray> Kinds { get; } = [];

    internal Dictionary<string, string> Logs { get; } = [];

    internal Dictionary<string, string> Previous { get; } = [];

    internal Dictionary<string, JsonObject> Answers { get; } = [];

    /// <summary>What the stand-in does instead for a command that begins so: shell lines.</summary>
    internal Dictionary<string, string> Instead { get; } = [];

    /// <summary>Whether the API server lets nobody ask a pod through it.</summary>
    internal bool RefusesProxy { get; set; }

    /// <summary>Whether ports can be forwarded; the pods then answer as they do through the proxy.</summary>
    internal bool ForwardsPorts { get; set; }

    internal static Replay Of(string state) => new(state);

    /// <summary>Every pod whose name begins so.</summary>
    internal IEnumerable<JsonObject> Pods(string prefix) => Kinds["pods"].Select(pod => pod!.AsObject()).Where(pod => pod["metadata"]!["name"]!.GetValue<string>().StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The object of a kind with a name.</summary>
    internal JsonObject Object(string kind, string name) => Kinds[kind].Select(item => item!.AsObject()).Single(item => item["metadata"]!["name"]!.GetValue<string>() == name);

    /// <summary>Writes the stand-in and asks the doctor.</summary>
    internal async Task<Diagnosis> AskAsync(Func<StackOptions, StackOptions>? change = null)
    {
        var options = new StackOptions { AsksAws = false, Subject = "stack dev", Namespace = "orders", BalancerRanges = BalancerRanges, KubectlProgram = await WriteAsync() };
        return await StackDoctor.AskAsync(change is null ? options : change(options), TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Writes the stand-in and gives its path.</summary>
    internal async Task<string> WriteAsync()
    {
        foreach (var (kind, items) in Kinds)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, kind + ".json"), new JsonObject { ["apiVersion"] = "v1", ["items"] = items.DeepClone(), ["kind"] = "List" }.ToJsonString());
        }

        foreach (var (suffix, logs) in new[] { (".log", Logs), ("-previous.log", Previous) })
        {
            foreach (var (pod, text) in logs)
            {
                await File.WriteAllTextAsync(Path.Combine(_folder, pod + suffix), text);
            }
        }

        _server ??= RawServer.Running(AnswerAsync);
        var program = Path.Combine(_folder, "kubectl");
        await File.WriteAllTextAsync(program, Script().ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Read(string state) => JsonNode.Parse(File.ReadAllText(Path.Combine(Recordings, state + ".json")))!.AsObject();

    private string Script()
    {
        var script = new StringBuilder("#!/bin/sh\ncd '").Append(_folder).Append("' || exit 1\necho \"$*\" >>calls\ncase \"$*\" in\n");
        foreach (var (command, lines) in Instead)
        {
            script.Append(CultureInfo.InvariantCulture, $"'{command}'*) {lines};;\n");
        }

        return script.Append(CultureInfo.InvariantCulture,
            $$"""
            get\ *) if [ -f "$2.json" ]; then cat "$2.json"; else echo "error: the server doesn't have a resource type \"$2\"" >&2; exit 1; fi;;
            logs\ *--previous*) if [ -f "$2-previous.log" ]; then cat "$2-previous.log"; else echo "Error from server (BadRequest): previous terminated container \"orders\" in pod \"$2\" not found" >&2; exit 1; fi;;
            logs\ *) if [ -f "$2.log" ]; then cat "$2.log"; fi;;
            proxy\ *) echo "Starting to serve on 127.0.0.1:{{_server!.Port}}"; exec sleep 60;;
            port-forward\ *) {{(ForwardsPorts ? $"echo \"Forwarding from 127.0.0.1:{_server.Port} -> 8080\"; exec sleep 60" : "echo 'error: not found' >&2; exit 1")}};;
            config\ current-context*) echo recorded;;
            auth\ can-i*) echo yes;;
            *) echo "error: unknown command \"$1\" for \"kubectl\"" >&2; exit 1;;
            esac

            """).ToString();
    }

    private async Task AnswerAsync(Stream stream, string request, CancellationToken stop)
    {
        var path = request.Split(' ', 3)[1];
        // A forwarded port leads to the pod itself, so that only its path is left.
        var forwarded = Answers.FirstOrDefault(known => known.Key.EndsWith($":9090/proxy{path}", StringComparison.Ordinal)).Value;
        if (RefusesProxy && forwarded is null)
        {
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes(RawServer.Http(
                    "403 Forbidden", """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"pods is forbidden: User cannot get resource pods/proxy","code":403}""")),
                stop);
            return;
        }

        if ((forwarded ?? Answers.GetValueOrDefault(path)) is not { } answer)
        {
            answer = new()
            {
                ["status"] = 503,
                ["body"] = $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"error trying to reach service: dial tcp: connect: connection refused","code":503}""",
            };
        }

        if (answer["delay"]?.GetValue<int>() is { } delay)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, stop);
        }

        var contract = answer["contract"]?.GetValue<string>();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(RawServer.Http(
            answer["status"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture) + " Recorded",
            answer["body"]?.GetValue<string>() ?? string.Empty,
            "Content-Type: application/json\r\n" + (contract is null ? string.Empty : $"Candor-Contract: {contract}\r\n"))), stop);
    }
}
