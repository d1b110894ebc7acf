using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;

namespace Candor.Program.Prometheus;

/// <summary>How Prometheus sees the stack.</summary>
public sealed class StackMonitoring
{
    /// <summary>Makes the monitoring of every service.</summary>
    public StackMonitoring(StackConfig config, WorkloadSpace space, Output<string> url)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach (var service in config.Services)
        {
            _ = new ServiceMonitoring(service, config, space, AddressOf(service, config, url));
        }
    }

    /// <summary>
    /// A service that only some paths lead to cannot be asked for its health from outside: that path leads to the main one.
    /// </summary>
    private static Input<string>? AddressOf(ServiceConfig service, StackConfig config, Output<string> url)
    {
        if (service == config.Main)
        {
            return url;
        }

        var host = service.Hosts.FirstOrDefault(host => !host.Contains('*', StringComparison.Ordinal));
        if (host is null)
        {
            return null;
        }

        return url.Apply(main => $"{new Uri(main).Scheme}://{host}/");
    }
}
