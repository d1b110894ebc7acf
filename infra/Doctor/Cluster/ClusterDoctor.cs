using System.Globalization;
using Candor.Doctor.Cluster.Causes;
using Candor.Doctor.Commands;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster;

/// <summary>What one side (a cluster, AWS, the local target) amounts to.</summary>
internal sealed record SideReport(IReadOnlyList<Finding> Findings, IReadOnlyList<Gap> Gaps, IReadOnlyList<string> Looked)
{
    /// <summary>The path of the probe of a finding's subject, or of the first service where nothing is wrong.</summary>
    internal Func<Finding?, IReadOnlyList<StepMark>> Path { get; init; } = _ => [];
}

/// <summary>Asks a cluster and finds the causes.</summary>
internal static class ClusterDoctor
{
    /// <summary>Every cause of a pod, in the order in which a pod comes to life and is then probed.</summary>
    internal static IReadOnlyList<PodCause> PodCauses { get; } =
    [
        new Leaving(), new Unschedulable(), new NodeLost(), new Evicted(), new NotSetUp(), new ImagePull(), new ContainerConfiguration(),
        new InitContainer(), new OutOfMemory(),
        new LoopbackOnly(), new Frozen(), new ProbePort(), new ProbeAnswer(), new Crash(), new Starting(), new NothingListens(),
        new ProbeTimeout(), new CheckFailing(), new ReadinessGate(), new ProbeFails(),
    ];

    /// <summary>Every cause of a workload or of the objects around it.</summary>
    internal static IReadOnlyList<ClusterCause> ClusterCauses { get; } =
    [
        new NotDeployed(), new NoPods(), new ServiceSelector(), new ServiceTargetPort(), new BindingService(), new PolicyLacksBalancer(),
        new BudgetBlocks(), new RolloutStuck(), new ContractDrift(), new AutoscalerBlind(),
    ];

    internal static async Task<(SideReport Report, ClusterFacts? Facts)> AskAsync(
        CommandRunner kubectl, string? context, string @namespace, Expectations expected, string? service, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var client = new Kubectl(kubectl, context, @namespace);
        var collector = new ClusterCollector(client, expected, service, time);
        var facts = await collector.CollectAsync(cancellationToken).ConfigureAwait(false);
        if (facts is null)
        {
            var why = collector.Problems.Select(problem => problem.Why[(problem.Why.IndexOf(": ", StringComparison.Ordinal) + 2)..])
                .GroupBy(text => text, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
            return (new([],
                [new("cluster", $"namespace {@namespace}{(context is null ? string.Empty : $" of context {context}")} could not be asked",
                why, [])], []), null);
        }

        var report = Diagnose(facts, service);
        return (report with { Looked = collector.Looked, Gaps = [.. collector.Problems.Select(Gap)] }, facts);
    }

    /// <summary>Everything that was found, what follows from something else below it.</summary>
    /// <param name="facts">The cluster.</param>
    /// <param name="service">Only this service, or null.</param>
    /// <param name="more">What other sides found of the same services.</param>
    internal static SideReport Diagnose(ClusterFacts facts, string? service, IReadOnlyList<Match>? more = null)
    {
        var matches = facts.Workloads.SelectMany(workload => PodFindings(facts, workload)).ToList();
        var others = ClusterCauses.SelectMany(cause => cause.Find(facts)).Select(finding => new Match(finding) { Origin = Origin.Object })
            .ToList();
        var findings = Fold([.. more ?? [], .. matches, .. others], facts);
        if (service is not null)
        {
            findings = [.. findings.Where(finding => finding.Subject == service
                || finding.Evidence.Any(evidence => evidence.Source.Contains(service, StringComparison.Ordinal)))];
        }

        return new(findings, [], []) { Path = finding => ClusterPath.Of(facts, finding, service) };
    }

    private static Gap Gap((string Kind, string Why) problem) => new(
        "cluster", problem.Kind, problem.Why,
        [.. PodCauses.Where(cause => cause.Needs.Contains(problem.Kind)).Select(cause => cause.Name)
            .Concat(ClusterCauses.Where(cause => cause.Needs.Contains(problem.Kind)).Select(cause => cause.Name)).Take(8)]);

    private static IEnumerable<Match> PodFindings(ClusterFacts facts, WorkloadFacts workload)
    {
        var found = new List<(Match Match, PodGroup Group, PodFacts Pod)>();
        foreach (var group in workload.Groups)
        {
            foreach (var pod in group.Sample)
            {
                var view = new PodView(facts, workload, pod);
                if (PodCauses.Select(cause => cause.Match(view)).FirstOrDefault(match => match is not null) is { } match)
                {
                    found.Add((match, group, pod));
                }
            }
        }

        // Pods of one cause are told in one sentence, the surest of those that they gave.
        foreach (var same in found.GroupBy(one => (one.Match.Finding.Cause, one.Match.Finding.Severity, Key: one.Match.Dependency
            ?? Key(one.Match.Finding))))
        {
            var pods = same.GroupBy(one => one.Group)
                .SelectMany(group => group.Count() == group.Key.Sample.Count ? group.Key.Pods : group.Select(one => one.Pod)).ToList();
            var best = same.OrderBy(one => one.Match.Finding.Confidence).ThenByDescending(one => one.Match.Finding.Evidence.Count)
                .First().Match;
            yield return best with { Finding = Told(best.Finding, workload, pods) };
        }
    }

    // Numbers that differ from pod to pod do not make another cause.
    private static string Key(Finding finding) => new([.. finding.Title.Where(character => !char.IsDigit(character))]);

    private static Finding Told(Finding finding, WorkloadFacts workload, List<PodFacts> pods)
    {
        var staying = workload.Pods.Count(pod => !pod.IsLeaving);
        var one = pods.Count == 1;
        var who = one ? $"pod {pods[0].Name}"
            : pods.Count >= staying ? string.Create(CultureInfo.InvariantCulture,
                $"{(pods.Count == 2 ? "both pods" : $"all {pods.Count} pods")} of {workload.Name}")
            : string.Create(CultureInfo.InvariantCulture, $"{pods.Count} of {workload.Pods.Count} pods of {workload.Name}");
        string Fill(string text) => Capital(text.Replace("{who}", who, StringComparison.Ordinal)
            .Replace("{is}", one ? "is" : "are", StringComparison.Ordinal)
            .Replace("{was}", one ? "was" : "were", StringComparison.Ordinal)
            .Replace("{does}", one ? "does" : "do", StringComparison.Ordinal)
            .Replace("{its}", one ? "its" : "their", StringComparison.Ordinal)
            .Replace("{s}", one ? "s" : string.Empty, StringComparison.Ordinal));
        return finding with { Title = Fill(finding.Title), Symptoms = [.. finding.Symptoms.Select(Fill)] };
    }

    private static string Capital(string text) => text.Length > 0 && char.IsLower(text[0])
        && text.StartsWith("pod ", StringComparison.Ordinal) | text.StartsWith("both ", StringComparison.Ordinal) | text
        .StartsWith("all ", StringComparison.Ordinal)
        ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>Puts what follows from another finding below it.</summary>
    private static IReadOnlyList<Finding> Fold(IReadOnlyList<Match> matches, ClusterFacts facts)
    {
        var all = matches.ToList();
        Match? Explains(Match match) => match.Finding switch
        {
            _ when match.Dependency is { } name && match.Origin != Origin.Network
                && all.Find(one => one.Origin == Origin.Network && one.Dependency == name) is { } closed => closed,
            // A dependency's own fault explains those who need it, and the scaling of what is named there already.
            _ when match.Dependency is { } name && facts.WorkloadBehind(name) is { } workload
                && all.Find(one => one.Finding.Subject == workload.Name && one.Finding.Severity == Severity.Fault && one != match
                && one.Finding.Cause is not "dependency-scaled-to-zero") is { } root => root,
            { Cause: "dependency-scaled-to-zero" } scaled =>
                all.Find(one => one.Dependency is { } name && facts.WorkloadBehind(name)?.Name == scaled.Subject),
            // A dependency that only others can reach, or that is wrongly selected, is explained by its Service.
            // A balancer sees what its targets are: a pod's own fault explains them, and what is closed between explains those that are
            // silent.
            _ when match.Origin == Origin.Target && all.Find(one => one.Origin == Origin.Pod && one.Finding.Severity == Severity.Fault
                && one.Finding.Subject == match.Finding.Subject
                && one.Finding.Cause is not ("balancer-unhealthy" or "readiness-gate" or "probe-fails")) is { } pod => pod,
            _ when match.Origin == Origin.Target && match.Finding.Severity == Severity.Fault
                && all.Find(one => one.Origin == Origin.Network && one.Dependency is null && one.Finding.Severity == Severity.Fault
                && one.Finding.Subject == match.Finding.Subject) is { } between => between,
            { Cause: "no-targets" or "target-unhealthy" } =>
                all.Find(one => one != match && one.Finding.Subject == match.Finding.Subject && one.Finding.Severity == Severity.Fault
                && one.Finding.Cause is not ("balancer-unhealthy" or "readiness-gate" or "rollout-stuck")),
            { Cause: "balancer-unhealthy" or "readiness-gate" } when all
                .Find(one => one.Origin is Origin.Target or Origin.Network && one.Dependency is null
                && one.Finding.Severity == Severity.Fault && one.Finding.Subject == match.Finding.Subject) is { } seen => seen,
            { Cause: "balancer-unhealthy" or "readiness-gate" } =>
                all.Find(one => one.Finding.Subject == match.Finding.Subject && one.Finding.Severity == Severity.Fault
                && one.Finding.Cause is "network-policy-balancer" or "service-selector" or "service-target-port" or "target-group-binding"),
            { Cause: "rollout-stuck" or "no-pods" } =>
                all.Find(one => one != match && one.Finding.Subject == match.Finding.Subject && one.Finding.Severity == Severity.Fault
                && one.Finding.Cause is not ("rollout-stuck" or "no-pods")),
            { Cause: "target-group-binding" or "network-policy-balancer" } =>
                all.Find(one => one != match && one.Finding.Cause == "service-selector" && one.Finding.Subject == match.Finding.Subject),
            _ => null,
        };
        var below = all.Select(match => (match, root: Explains(match))).Where(pair => pair.root is not null && pair.root != pair.match)
            .ToList();
        foreach (var (match, root) in below)
        {
            var at = all.IndexOf(all.Find(one => one.Finding.Title == root!.Finding.Title && one.Finding.Subject == root.Finding.Subject)!);
            if (at >= 0)
            {
                all[at] = all[at] with { Finding = all[at].Finding with { Symptoms = [.. all[at].Finding.Symptoms, match.Finding.Title] } };
                all.Remove(match);
            }
        }

        return Diagnosis.InOrder(all.Select(match => match.Finding));
    }
}
