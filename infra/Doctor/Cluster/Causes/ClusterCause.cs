using Candor.Doctor.Model;
using Candor.Planning;
using Finding = Candor.Doctor.Model.Finding;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>Base of the causes that a workload or the objects around it show.</summary>
internal abstract class ClusterCause : Cause<ClusterFacts>
{
    internal override string Name => Id.Replace('-', ' ');

    protected Finding Of(string subject, PathStep step, string title, string fix, params IReadOnlyList<Evidence?> evidence) => new()
    {
        Cause = Id,
        Subject = subject,
        Title = title,
        Step = step,
        Fix = fix,
        Evidence = [.. evidence.OfType<Evidence>()],
    };

    protected static string NameOf(PlanValue value) => value["metadata"]["name"].Text ?? "unnamed";

    protected static string Selector(PlanValue selector) => string.Join(",", selector.Properties.Select(pair => $"{pair.Key}={pair.Value.Text}"));
}
