using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>Prometheus, its blackbox exporter and Alertmanager, configured from the Plan and led to the pods as they come and go.</summary>
internal sealed class MonitoringStack(
    Node node, StateFolder state, AddressBlock block, MonitoringSpec spec, Uri balancer) : IAsyncDisposable
{
    private const string Prometheus = "prometheus";
    private const string Exporter = "prometheus-blackbox-exporter";
    private const string Alertmanager = "prometheus-alertmanager";

    /// <summary>What the exporter leaves of a scrape's timeout for the way back, in seconds; its own default.</summary>
    private const double TimeoutOffset = 0.5;

    private readonly MonitoringAddresses _addresses = new(
        PortOwner.FreeNear(
            new(block.Special(2, 1), 9090)), PortOwner.FreeNear(
                new(block.Special(2, 2), 9115)), PortOwner.FreeNear(new(block.Special(2, 3), 9093)));

    private readonly string? _user = SystemUser.FirstOf("prometheus", "nobody");
    private readonly List<(string Name, ChildProcess Process)> _processes = [];
    private readonly Dictionary<ScrapeSpec, string> _written = [];
    private readonly HashSet<string> _dead = [];
    private MonitoringSpec _spec = spec;

    private string Folder => Path.Combine(state.Data, "monitoring");

    /// <summary>What is scraped.</summary>
    public IReadOnlyList<ScrapeSpec> Scrapes => _spec.Scrapes;

    /// <summary>Where to look.</summary>
    public IReadOnlyList<LocalMonitor> Parts { get; private set; } = [];

    /// <summary>All three are installed.</summary>
    /// <exception cref="LocalException">Some are not; the message has the one line that installs them.</exception>
    public static void RequirePrograms()
    {
        var missing = new[] { Prometheus, Exporter, Alertmanager }.Where(program => SystemPrograms.Find(program) is null).ToList();
        if (missing.Count > 0)
        {
            throw new LocalException($"""
                --with monitoring needs programs that are not on this machine. Install them with:
                  sudo apt-get update && sudo apt-get install -y --no-install-recommends {string.Join(' ', missing)}
                Debian and Ubuntu start them as services of the system, which nothing here needs:
                  sudo systemctl disable --now {string.Join(' ', missing)}
                """);
        }
    }

    /// <summary>Starts the three.</summary>
    public async Task StartAsync()
    {
        try
        {
            Configure();
        }
        catch (IOException e)
        {
            throw DiskSpace.Explain($"The monitoring's configuration in {Folder} cannot be written", Folder, e);
        }

        await StartAsync(
            Prometheus,
            $"--config.file={In("prometheus.yml")}",
            $"--storage.tsdb.path={In("tsdb")}",
            $"--web.listen-address={_addresses.Prometheus}").ConfigureAwait(false);
        // Unscaled, it would leave nothing of the timeout of a scrape at speed 10.
        var offset = (TimeoutOffset / node.Speed).ToString("0.######", CultureInfo.InvariantCulture);
        await StartAsync(
            Exporter,
            $"--config.file={In("blackbox.yml")}",
            $"--web.listen-address={_addresses.Blackbox}",
            $"--timeout-offset={offset}").ConfigureAwait(false);
        // Without an address for the cluster it looks for no peers.
        await StartAsync(
            Alertmanager, $"--config.file={In("alertmanager.yml")}", $"--storage.path={In("alerts")}",
            $"--web.listen-address={_addresses.Alertmanager}", "--cluster.listen-address=").ConfigureAwait(false);
        Parts =
        [
            new("Prometheus", $"http://{_addresses.Prometheus}"),
            new("Alertmanager", $"http://{_addresses.Alertmanager}"),
            new("blackbox exporter", $"http://{_addresses.Blackbox}"),
        ];
        node.Report(LocalEventKind.Progress, "monitoring", string.Join(", ", Parts.Select(part => $"{part.Name} at {part.Url}")));
    }

    /// <summary>Goes over to what another Plan asks for.</summary>
    public void Apply(MonitoringSpec changed)
    {
        _spec = changed;
        try
        {
            Configure();
        }
        catch (IOException e)
        {
            node.Report(LocalEventKind.Failure, "monitoring", $"keeps its configuration: the new one cannot be written: {e.Message}");
            return;
        }

        foreach (var (_, process) in _processes.Where(p => !p.Process.HasExited))
        {
            process.Send(Signal.Hangup);
        }
    }

    /// <summary>Leads Prometheus to the pods that there are now.</summary>
    public void Follow(Func<ScrapeSpec, IEnumerable<(string Pod, IPEndPoint Endpoint)>> pods)
    {
        foreach (var scrape in _spec.Scrapes)
        {
            Lead(scrape, pods(scrape));
        }

        foreach (var (name, process) in _processes.Where(p => p.Process.HasExited && _dead.Add(p.Name)))
        {
            node.Report(
                LocalEventKind.Failure,
                name,
                $"ended with exit code {process.Exited.Result}; its last "
                    + $"lines:{string.Concat(node.LogOf(name).Tail(5).Select(line => $"\n    {line}"))}");
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

    private void Configure()
    {
        using var folder = OwnedFolder.Open(Folder, _user);
        Write("prometheus.yml", PrometheusConfiguration.Prometheus(_spec, node.Speed, In("rules.yml"), TargetFile, _addresses, balancer));
        Write("rules.yml", AlertingRules.File(_spec, node.Speed));
        Write("blackbox.yml", PrometheusConfiguration.Blackbox(_spec));
        Write("alertmanager.yml", PrometheusConfiguration.Alertmanager());
        foreach (var scrape in _spec.Scrapes.Where(scrape => !_written.ContainsKey(scrape)))
        {
            Lead(scrape, []);
        }

        void Write(string name, JsonObject content) => folder.WriteSecret(name, content.ToJsonString());
    }

    private async Task StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStart
        {
            Program = SystemPrograms.Require(program),
            Arguments = arguments,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = SystemPrograms.DefaultPath,
                ["HOME"] = Folder,
                [RunMarker.Variable] = node.RunId,
            },
            WorkingDirectory = Folder,
            User = _user,
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
            using var folder = OwnedFolder.Open(Folder, _user);
            folder.WriteSecret(Path.GetFileName(TargetFile(scrape)), text);
            _written[scrape] = text;
        }
        catch (IOException)
        {
            // A full disk; the next round tries again.
        }
    }

    private string TargetFile(ScrapeSpec scrape) => In($"targets-{scrape.Namespace}-{scrape.Service}-{scrape.Port}.json");

    private string In(string name) => Path.Combine(Folder, name);
}
