using System.Globalization;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster;

/// <summary>The path of a service's probe, as far as the cluster shows it.</summary>
internal static class ClusterPath
{
    internal static IReadOnlyList<StepMark> Of(ClusterFacts facts, Finding? finding, string? service)
    {
        var workload = facts.Workloads.FirstOrDefault(one => one.Name == (finding?.Subject ?? service))
            ?? facts.Workloads.FirstOrDefault(one => one.IsService) ?? (facts.Workloads is [var first, ..] ? first : null);
        if (workload is null)
        {
            return [];
        }

        var views = workload.Groups.SelectMany(group => group.Sample).Where(pod => !pod.IsLeaving)
            .Select(pod => new PodView(facts, workload, pod)).ToList();
        var view = views.Find(one => !one.Pod.IsReady) ?? views.FirstOrDefault();
        var registered = view?.Pod.Gates.Count > 0 && view.Pod.Gates.All(gate => view.Pod.Condition(gate)?.Status == "True");
        var answer = view?.Health ?? view?.Public;
        var clean = answer is { Health.IsClean: true };
        var dependencies = Dependencies.Of(workload).Count > 0;
        (PathStep Step, bool? Passed, string Detail)[] steps =
        [
            (PathStep.Balancer, registered ? true : null, registered ? "gate True" : string.Empty),
            (PathStep.SecurityGroup, registered ? true : null, string.Empty),
            (PathStep.NetworkPolicy, registered || (facts.Expected.BalancerRanges.Count > 0 && facts.Bindings.Count > 0
                && finding?.Cause is not "network-policy-balancer") ? true : null, string.Empty),
            (PathStep.Port, view is not null
                && (answer is not null || (view.Spec.Readiness is { } probe && view.Spec.PortNumber(probe.Port) is not null)) ? true
                : null, view?.Spec.Readiness is { } asked ? view.Number(asked) : string.Empty),
            (PathStep.Listener, answer is not null || view?.Main?.Ready == true ? true : null, string.Empty),
            (PathStep.Endpoint, answer is not null || view?.Main?.Ready == true ? true : null, workload.Path("readiness")
                ?? view?.Spec.Readiness?.Path ?? string.Empty),
            (PathStep.Answer, answer?.Status is not null || view?.Main?.Ready == true ? true : null,
                answer?.Status?.ToString(CultureInfo.InvariantCulture) ?? string.Empty),
            (PathStep.Check, clean || finding?.Step == PathStep.Dependency ? true : null, clean ? string.Empty
                : answer?.Health.Checks is { Count: > 0 } checks ? checks[0].Name : string.Empty),
            (PathStep.Dependency, clean && dependencies ? true : null, string.Empty),
        ];
        return
        [
            .. steps.Select(step => new StepMark(
                step.Step,
                finding is null || step.Step < finding.Step ? step.Passed == true ? Mark.Passed : Mark.Unknown : step.Step == finding.Step
                    ? Mark.Broken : Mark.NotReached,
                SafeText.Short(SafeText.Of(step.Detail), 24))),
        ];
    }
}
