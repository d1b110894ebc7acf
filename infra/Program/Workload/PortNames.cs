namespace Candor.Program.Workload;

/// <summary>The names of the container's ports.</summary>
internal static class PortNames
{
    /// <summary>User traffic and the public health paths.</summary>
    public const string Http = "http";

    /// <summary>Metrics, drain and full detail.</summary>
    public const string Management = "management";
}
