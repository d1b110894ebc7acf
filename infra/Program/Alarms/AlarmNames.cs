using Candor.Program.Config;
using Pulumi;

namespace Candor.Program.Alarms;

/// <summary>Names of alarms. They are fixed, because a composite alarm names the others in its rule.</summary>
internal static class AlarmNames
{
    /// <summary>The name of a service's alarm.</summary>
    public static string Of(ServiceConfig service, string what) => $"candor-{Deployment.Instance.StackName}-{service.Name}-{what}";

    /// <summary>The name of something of the stack.</summary>
    public static string Of(string what) => $"candor-{Deployment.Instance.StackName}-{what}";
}
