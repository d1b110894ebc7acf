using Candor.Local;

namespace Candor.EndToEnd.Tests;

/// <summary>A test of the monitoring, whose programs are optional.</summary>
public sealed class MonitoringFactAttribute : FactAttribute
{
    /// <summary>Says why it is skipped, where it is.</summary>
    public MonitoringFactAttribute()
    {
        try
        {
            MonitoringStack.RequirePrograms();
        }
        catch (LocalException e)
        {
            Skip = e.Message;
        }
    }
}
