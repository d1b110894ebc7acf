using System.Globalization;
using Candor.Planning;

namespace Candor.Local;

/// <summary>Reads probes and the preStop hook, with Kubernetes' defaults for what is not set.</summary>
internal sealed class ProbeReader(double speed, ICollection<string> problems)
{
    public ProbeSpec? Probe(string where, PlanValue probe, IReadOnlyDictionary<string, int> ports)
    {
        if (!probe.Exists || Action(where, probe, ports) is not { } action)
        {
            return null;
        }

        return new()
        {
            Action = action,
            InitialDelay = probe["initialDelaySeconds"].Seconds(0, speed),
            Period = probe["periodSeconds"].Seconds(10, speed),
            Timeout = probe["timeoutSeconds"].Seconds(1, speed),
            SuccessThreshold = probe["successThreshold"].Whole(1),
            FailureThreshold = probe["failureThreshold"].Whole(3),
        };
    }

    public PreStop? PreStopHook(string where, PlanValue hook, IReadOnlyDictionary<string, int> ports)
    {
        if (hook["sleep"].Exists)
        {
            return new PreStop.Sleep(hook["sleep"]["seconds"].Seconds(0, speed));
        }

        if (hook["exec"].Exists)
        {
            return new PreStop.Exec(hook["exec"]["command"].TextItems());
        }

        return hook["httpGet"].Exists && Port(where, hook["httpGet"]["port"], ports) is { } port
            ? new PreStop.Http(port, hook["httpGet"]["path"].Text ?? "/")
            : null;
    }

    private ProbeAction? Action(string where, PlanValue probe, IReadOnlyDictionary<string, int> ports)
    {
        if (probe["httpGet"] is { Exists: true } http)
        {
            return Port(where, http["port"], ports) is { } port
                ? new ProbeAction.Http(
                    port,
                    http["path"].Text ?? "/",
                    [.. http["httpHeaders"].Items.Select(h => KeyValuePair.Create(
                        h["name"].Text ?? string.Empty, h["value"].Text ?? string.Empty))])
                : null;
        }

        if (probe["tcpSocket"].Exists)
        {
            return Port(where, probe["tcpSocket"]["port"], ports) is { } port ? new ProbeAction.Tcp(port) : null;
        }

        if (probe["exec"].Exists)
        {
            return new ProbeAction.Exec(probe["exec"]["command"].TextItems());
        }

        problems.Add($"{where}: the probe has none of httpGet, tcpSocket and exec: {probe}.");
        return null;
    }

    private int? Port(string where, PlanValue port, IReadOnlyDictionary<string, int> ports)
    {
        if (port.Number is { } number)
        {
            return (int)number;
        }

        if (port.Text is { } name && ports.TryGetValue(name, out var named))
        {
            return named;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture,
            $"{where}: the probe's port is {port}, which is no container port; the container has "
                + $"{string.Join(", ", ports.Select(p => $"{p.Key} ({p.Value})"))}."));
        return null;
    }
}
