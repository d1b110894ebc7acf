using System.Net;

namespace Candor.Local;

/// <summary>Every pod's ways to the Services that it dials.</summary>
internal sealed class LinkTable(AddressBlock block, TimeProvider time) : IDisposable
{
    private readonly Dictionary<(string Pod, string Service, int Port), ServiceLink> _links = [];
    private readonly Dictionary<(string Pod, string Service), IPAddress> _addresses = [];
    private readonly Dictionary<(string Workload, string Service), LinkSetting> _settings = [];
    private readonly Dictionary<int, BlackHole> _holes = [];

    /// <summary>The address by which a pod dials a Service.</summary>
    public IPAddress AddressOf(string pod, string service)
    {
        lock (_addresses)
        {
            if (!_addresses.TryGetValue((pod, service), out var address))
            {
                _addresses[(pod, service)] = address = block.NextLink();
            }

            return address;
        }
    }

    /// <summary>Whether the pod got an address of the Service; without one it cannot connect.</summary>
    public bool IsDialled(string pod, string service)
    {
        lock (_addresses)
        {
            return _addresses.ContainsKey((pod, service));
        }
    }

    /// <summary>An endpoint with the port that never answers.</summary>
    public IPEndPoint Silence(int port)
    {
        if (!_holes.TryGetValue(port, out var hole))
        {
            _holes[port] = hole = new BlackHole(new(block.Special(1, 1), port));
        }

        return hole.Endpoint;
    }

    /// <summary>Sets up the way from a pod to a Service, or leads it elsewhere.</summary>
    public void Lead(Pod pod, string service, int port, IPEndPoint? target, FlowAccess access)
    {
        if (!_links.TryGetValue((pod.Name, service, port), out var link))
        {
            _links[(pod.Name, service, port)] = link = new(new(AddressOf(pod.Name, service), port), time);
        }

        var setting = access.IsOpen ? SettingOf(pod, service) : new(LinkMode.Silent);
        link.LeadTo(target);
        link.Set(setting);
    }

    /// <summary>Makes the ways from a pod, or from every pod of a workload, to a Service behave otherwise.</summary>
    public void Set(string from, string service, LinkSetting setting)
    {
        if (setting.Mode == LinkMode.Open)
        {
            _settings.Remove((from, service));
        }
        else
        {
            _settings[(from, service)] = setting;
        }
    }

    /// <summary>The ways that behave otherwise.</summary>
    public IReadOnlyList<PageLink> Changed =>
        [.. _settings.Select(entry => new PageLink(entry.Key.Workload, entry.Key.Service, entry.Value.Mode))];

    /// <summary>A pod is gone, and its ways with it.</summary>
    public void Remove(Pod pod)
    {
        foreach (var key in _links.Keys.Where(key => key.Pod == pod.Name).ToList())
        {
            _links.Remove(key, out var link);
            link!.Dispose();
        }

        lock (_addresses)
        {
            foreach (var key in _addresses.Keys.Where(key => key.Pod == pod.Name).ToList())
            {
                _addresses.Remove(key);
            }
        }

        foreach (var key in _settings.Keys.Where(key => key.Workload == pod.Name).ToList())
        {
            _settings.Remove(key);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var link in _links.Values)
        {
            link.Dispose();
        }

        foreach (var hole in _holes.Values)
        {
            hole.Dispose();
        }
    }

    private LinkSetting SettingOf(Pod pod, string service) =>
        _settings.GetValueOrDefault((pod.Name, service)) ?? _settings.GetValueOrDefault((pod.Workload.Name, service)) ?? new(LinkMode.Open);
}
