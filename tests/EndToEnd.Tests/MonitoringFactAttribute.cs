using Candor.Local;
using Candor.Testing.Privileges;

namespace Candor.EndToEnd.Tests;

/// <summary>A test of the monitoring, whose programs are optional.</summary>
public sealed class MonitoringFactAttribute : FactAttribute
{
    /// <summary>Says why it is skipped, where it is.</summary>
    /// <param name="needsRoot">Whether it needs root too.</param>
    public MonitoringFactAttribute(bool needsRoot = false)
    {
        Skip = needsRoot ? new RootFactAttribute().Skip : null;
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
