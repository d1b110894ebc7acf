using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Planning.Rules;

/// <summary>Where a dependency of the contract is, by the connection string that the app is given.</summary>
/// <param name="Service">The Service that its host names, or null for a host outside of the Plan.</param>
/// <param name="Workloads">The pods behind that Service.</param>
/// <param name="Port">The port on which those pods, or the host, answer.</param>
internal sealed partial record DialledAddress(PlanResource? Service, IReadOnlyList<Workload> Workloads, int Port)
{
    /// <summary>What the app's configuration calls the connection string of a dependency.</summary>
    internal static string Variable(Dependency dependency) => $"ConnectionStrings__{dependency.Name}";

    /// <summary>Resolves it as cluster DNS and the Service would.</summary>
    internal static DialledAddress Of(LintScope scope, Workload workload, Container container, Dependency dependency)
    {
        var port = dependency.DialledPort();
        if (container.Environment(Variable(dependency)) is not { } text || ClusterHost().Match(text) is not { Success: true } host)
        {
            return new(null, [], port);
        }

        var service = scope.Plan.Index.Kubernetes(ResourceTypes.Service, host.Groups["namespace"].Value, host.Groups["name"].Value);
        if (service is null)
        {
            return new(null, [], port);
        }

        var entry = service.Inputs["spec"]["ports"].Items.FirstOrDefault(candidate => candidate["port"].Whole() == port);
        var behind = scope.Workloads.SelectedBy(service);
        var target = entry["targetPort"].Exists ? entry["targetPort"] : entry["port"];
        var number = behind.Select(pods => pods.ContainerOf(target)?.Number(target)).FirstOrDefault(found => found is not null);
        return new(service, behind, number ?? port);
    }

    [GeneratedRegex(@"(?<name>[a-z0-9]([-a-z0-9]*[a-z0-9])?)\.(?<namespace>[a-z0-9]([-a-z0-9]*[a-z0-9])?)\.svc\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ClusterHost();
}
