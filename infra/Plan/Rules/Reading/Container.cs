namespace Candor.Planning.Rules;

/// <summary>One container of a pod template.</summary>
internal sealed class Container
{
    internal Container(Workload workload, PlanValue value, string path)
    {
        Workload = workload;
        Value = value;
        Path = path;
        Readiness = ProbeOf("readinessProbe");
        Liveness = ProbeOf("livenessProbe");
        Startup = ProbeOf("startupProbe");
        Ports = [.. value["ports"].Items];
    }

    internal Workload Workload { get; }

    internal PlanValue Value { get; }

    /// <summary>Where it stands: <c>spec.template.spec.containers[0]</c>.</summary>
    internal string Path { get; }

    internal string Name => Value["name"].Known() ?? Path;

    internal IReadOnlyList<PlanValue> Ports { get; }

    internal Probe? Readiness { get; }

    internal Probe? Liveness { get; }

    internal Probe? Startup { get; }

    internal IEnumerable<Probe> Probes => new[] { Readiness, Liveness, Startup }.OfType<Probe>();

    /// <summary>Whether nothing can be said about its ports: the list, or one of its numbers, is unknown.</summary>
    internal bool PortsUnknown => Value["ports"].IsUnknown() || Ports.Any(port => port["containerPort"].IsUnknown() || port["name"].IsUnknown());

    /// <summary>Whether it declares the port.</summary>
    internal bool Declares(int number) => Ports.Any(port => port["containerPort"].Whole() == number);

    /// <summary>The number of a port given as a number or by name; null when unknown or not declared.</summary>
    internal int? Number(PlanValue port) =>
        port.IsUnknown() ? null : port.Whole() ?? Named(port.Text)["containerPort"].Whole();

    /// <summary>Whether a port given as a number or by name is one that it declares.</summary>
    internal bool Has(PlanValue port) => port.Whole() is { } number ? Declares(number) : Named(port.Text).Exists;

    /// <summary>The value of an environment variable as the kubelet would set it, or null.</summary>
    internal string? Environment(string name) => Workload.Plan.EnvironmentVariable(Workload.Resource, Value, name);

    private PlanValue Named(string? name) => name is null ? PlanValue.Missing : Ports.FirstOrDefault(port => port["name"].Text == name);

    private Probe? ProbeOf(string kind) => Value[kind] is { Kind: System.Text.Json.JsonValueKind.Object } probe ? new Probe(this, kind, probe) : null;
}
