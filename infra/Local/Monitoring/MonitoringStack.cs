using System.Net;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>Prometheus, its blackbox exporter and Alertmanager, configured from the Plan and led to the pods as they come and go.</summary>
internal sealed class MonitoringStack(Node node, StateFolder state, AddressBlock block, MonitoringSpec spec, Uri balancer) : IAsyncDisposable
{
    private readonly MonitoringAddresses _addresses = new(new(block.Special(2, 1), 9090), new(block.Special(2, 2), 9115), new(block.Special(2, 3), 9093));
    private readonly List<(string Name, ChildProcess Process)> _processes = [];
    private readonly Dictionary<ScrapeSpec, string> _written = [];
    private readonly HashSet<string> _dead = [];

    private string Folder => Path.Combine(state.Data, "monitoring");

    /// <summary>Where to look: Prometheus and Alertmanager.</summary>
    public IReadOnlyList<string> Urls => [$"http://{_addresses.Prometheus}", $"http://{_addresses.Alertmanager}"];

    /// <summary>Starts the three.</summary>
    /// <exception cref="LocalException">One of them is not installed.</exception>
    public async Task StartAsync()
    {
        var user = SystemUser.FirstOf("prometheus", "nobody");
        OwnedFolder.Create(Folder, user);
        var configuration = PrometheusConfiguration.Prometheus(spec, node.Speed, In("rules.yml"), TargetFile, _addresses, balancer);
        Write("prometheus.yml", configuration, user);
        Write("rules.yml", PrometheusConfiguration.Rules(spec), user);
        Write("blackbox.yml", PrometheusConfiguration.Blackbox(spec), user);
        Write("alertmanager.yml", PrometheusConfiguration.Alertmanager(), user);
        foreach (var scrape in spec.Scrapes)
        {
            Lead(scrape, []);
        }

        await StartAsync("prometheus", user, $"--config.file={In("prometheus.yml")}", $"--storage.tsdb.path={In("tsdb")}", $"--web.listen-address={_addresses.Prometheus}").ConfigureAwait(false);
        await StartAsync("prometheus-blackbox-exporter", user, $"--config.file={In("blackbox.yml")}", $"--web.listen-address={_addresses.Blackbox}").ConfigureAwait(false);
        await StartAsync(
            "prometheus-alertmanager", user, $"--config.file={In("alertmanager.yml")}", $"--storage.path={In("alerts")}", $"--web.listen-address={_addresses.Alertmanager}", "--cluster.listen-address=").ConfigureAwait(false);
        node.Report(LocalEventKind.Progress, "monitoring", $"Prometheus at {Urls[0]}, Alertmanager at {Urls[1]}");
    }

    /// <summary>Leads Prometheus to the pods that there are now.</summary>
    public void Follow(Func<ScrapeSpec, IEnumerable<(string Pod, IPEndPoint Endpoint)>> pods)
    {
        foreach (var scrape in spec.Scrapes)
        {
            Lead(scrape, pods(scrape));
        }

        foreach (var (name, process) in _processes.Where(p => p.Process.HasExited && _dead.Add(p.Name)))
        {
            node.Report(LocalEventKind.Failure, name, $"ended with exit code {process.Exited.Result}; its last lines:{string.Concat(node.LogOf(name).Tail(5).Select(line => $"\n    {line}"))}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in _processes)
        {
            process.Send(Signal.Terminate);
            await Task.WhenAny(process.Exited, Task.Delay(TimeSpan.FromSeconds(5), node.Time)).ConfigureAwait(false);
            process.KillSession();
            await process.Exited.ConfigureAwait(false);
            node.Forget(process);
            process.Dispose();
        }

        _processes.Clear();
    }

    private async Task StartAsync(string program, string? user, params string[] arguments)
    {
        var start = new ProcessStart
        {
            Program = SystemPrograms.Require(program),
            Arguments = arguments,
            Environment = new Dictionary<string, string> { ["PATH"] = SystemPrograms.DefaultPath, ["HOME"] = Folder, [RunMarker.Variable] = node.RunId },
            WorkingDirectory = Folder,
            User = user,
        };
        _processes.Add((program, await node.StartAsync(program, start, node.LogOf(program)).ConfigureAwait(false)));
    }

    private void Lead(ScrapeSpec scrape, IEnumerable<(string Pod, IPEndPoint Endpoint)> pods)
    {
        var text = PrometheusConfiguration.Targets(scrape, pods).ToJsonString();
        if (_written.GetValueOrDefault(scrape) == text)
        {
            return;
        }

        try
        {
            // Moved into place, for Prometheus reads it whenever it changes.
            var file = TargetFile(scrape);
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
            _written[scrape] = text;
        }
        catch (IOException)
        {
            // A full disk; the next round tries again.
        }
    }

    private string TargetFile(ScrapeSpec scrape) => In($"targets-{scrape.Namespace}-{scrape.Service}-{scrape.Port}.json");

    private void Write(string name, JsonObject content, string? user) => OwnedFolder.WriteSecret(In(name), content.ToJsonString(), user);

    private string In(string name) => Path.Combine(Folder, name);
}
