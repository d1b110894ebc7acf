namespace Candor.Local;

/// <summary>Which pods are behind a Service, and where a name in a variable leads on this machine.</summary>
internal sealed class ServiceDirectory(IReadOnlyList<ServiceSpec> services, IReadOnlyList<WorkloadSpec> workloads)
{
    /// <summary>Workloads whose pods the Service selects.</summary>
    public IEnumerable<WorkloadSpec> Behind(ServiceSpec service) =>
        workloads.Where(w => w.Namespace == service.Namespace && service.Selector.Selects(w.Template.Labels));

    /// <summary>The Service of that name, or null.</summary>
    public ServiceSpec? Find(string @namespace, string name) => services.FirstOrDefault(s => s.Namespace == @namespace && s.Name == name);

    /// <summary>The Services that a workload's environment names.</summary>
    public IReadOnlyCollection<ServiceSpec> Named(WorkloadSpec workload)
    {
        var named = new HashSet<ServiceSpec>();
        foreach (var entry in workload.Template.Container.Environment.Where(entry => entry.Field is null))
        {
            Substitute(entry.Value ?? string.Empty, service =>
            {
                named.Add(service);
                return string.Empty;
            });
        }

        return named;
    }

    /// <summary>The number that a Service's port is on a pod: by number, or by the name of a container port.</summary>
    public static int? TargetPort(ServiceSpec service, string port, PodTemplate template)
    {
        var found = service.Ports.FirstOrDefault(p => p.Name == port || p.Port.ToString(
            System.Globalization.CultureInfo.InvariantCulture) == port);
        if (found is null)
        {
            return null;
        }

        return int.TryParse(found.TargetPort, out var number)
            ? number
            : template.Container.Ports.TryGetValue(found.TargetPort, out var named) ? named : null;
    }

    /// <summary>Replaces the cluster names of Services by the result of <paramref name="address"/>, longest names first.</summary>
    public string Substitute(string value, Func<ServiceSpec, string> address)
    {
        foreach (var service in services)
        {
            var name = $"{service.Name}.{service.Namespace}.svc";
            if (value.Contains(name, StringComparison.Ordinal))
            {
                var found = address(service);
                value = value.Replace(name + ".cluster.local", found, StringComparison.Ordinal)
                    .Replace(name, found, StringComparison.Ordinal);
            }
        }

        return value;
    }
}
