using Candor.Program.Balancer;
using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;

namespace Candor.Program.Alarms;

/// <summary>The alarms of every service, and one dashboard.</summary>
public sealed class StackAlarms : StackComponent
{
    /// <summary>Makes the alarms of the stack.</summary>
    public StackAlarms(StackConfig config, PublicBalancer balancer, ProviderResource aws)
        : base("alarms:Stack", "alarms", null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(balancer);
        var topics = new AlarmTopics(config.Watching, aws);
        foreach (var service in config.Services)
        {
            _ = new ServiceAlarms(service, config.Watching, balancer, topics, aws);
        }

        _ = HealthDashboard.Make(config, balancer, this, aws);
        RegisterOutputs();
    }
}
