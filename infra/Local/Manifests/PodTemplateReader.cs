using System.Security.Cryptography;
using System.Text;
using Candor.Planning;

namespace Candor.Local;

/// <summary>Reads a pod template.</summary>
internal sealed class PodTemplateReader(
    KeyValueSources sources,
    double speed,
    Func<string, string?> imageDigest,
    ICollection<string> problems,
    ICollection<string> notes)
{
    private readonly EnvironmentReader _environment = new(sources, problems);
    private readonly ProbeReader _probes = new(speed, problems);

    public PodTemplate Read(string where, string @namespace, PlanValue template)
    {
        var spec = template["spec"];
        var containers = spec["containers"].Items.ToList();
        if (containers.Count != 1)
        {
            problems.Add($"{where}: its pod has {containers.Count} containers; the local target runs pods of exactly one.");
        }

        if (spec["initContainers"].Items.Any())
        {
            notes.Add($"{where}: init containers do not run on this machine.");
        }

        var container = Container(where, @namespace, containers.FirstOrDefault());
        return new()
        {
            Labels = template["metadata"]["labels"].Texts(),
            Annotations = template["metadata"]["annotations"].Texts(),
            Container = container,
            TerminationGrace = spec["terminationGracePeriodSeconds"].Seconds(30, IsOwn(container.Image) ? speed : 1),
            ReadinessGates = [.. spec["readinessGates"].Items.Select(gate => gate["conditionType"].Text ?? string.Empty)],
            Hash = Hash(template, container),
        };
    }

    private ContainerSpec Container(string where, string @namespace, PlanValue container)
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var port in container["ports"].Items)
        {
            var number = port["containerPort"].Whole(0);
            ports[port["name"].Text ?? $"port-{number}"] = number;
        }

        var environment = _environment.Read(where, @namespace, container);
        var known = environment.ToDictionary(e => e.Name, StringComparer.Ordinal);
        var image = container["image"].Text ?? Missing(where);
        return new()
        {
            Name = container["name"].Text ?? "container",
            Image = image,
            Command = [.. container["command"].TextItems().Select(part => EnvironmentReader.Expand(part, known))],
            Args = [.. container["args"].TextItems().Select(part => EnvironmentReader.Expand(part, known))],
            Environment = environment,
            Ports = ports,
            Startup = WithRealTime(image, _probes.Probe($"{where}, startup probe", container["startupProbe"], ports)),
            Readiness = _probes.Probe($"{where}, readiness probe", container["readinessProbe"], ports),
            Liveness = WithRealTime(image, _probes.Probe($"{where}, liveness probe", container["livenessProbe"], ports)),
            PreStop = _probes.PreStopHook($"{where}, preStop hook", container["lifecycle"]["preStop"], ports),
        };
    }

    private bool IsOwn(string image) => imageDigest(image) is not null;

    /// <summary>
    /// A database starts and answers no faster because the contract does: what would end it keeps its real time, by more failures
    /// at the faster pace.
    /// </summary>
    private ProbeSpec? WithRealTime(string image, ProbeSpec? probe) => probe is null || IsOwn(image)
        ? probe
        : probe with { Timeout = probe.Timeout * speed, FailureThreshold = (int)Math.Ceiling(probe.FailureThreshold * speed) };

    private string Missing(string where)
    {
        problems.Add($"{where}: its container names no image.");
        return string.Empty;
    }

    private string Hash(PlanValue template, ContainerSpec container)
    {
        var text = new StringBuilder(template.ToString());
        foreach (var entry in container.Environment)
        {
            text.Append('\n').Append(entry.Name).Append('=').Append(entry.Value ?? entry.Field);
        }

        text.Append('\n').Append(imageDigest(container.Image));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..10];
    }
}
