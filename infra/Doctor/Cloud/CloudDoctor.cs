using System.Globalization;
using Candor.Doctor.Cloud.Causes;
using Candor.Doctor.Cluster;
using Candor.Doctor.Model;
using Candor.Doctor.Targets;

namespace Candor.Doctor.Cloud;

/// <summary>Asks AWS about target groups and finds the causes.</summary>
internal static class CloudDoctor
{
    private const int MaximumGroups = 8;

    internal static IReadOnlyList<CloudCause> Causes { get; } =
        [new NoListener(), new ZoneNotServed(), new SecurityGroupClosed(), new AclBlocks(), new RouteMissing(), new NoRule(),
            new HealthyButFailing(), new TargetGroupDrift()];

    internal static async Task<(IReadOnlyList<Match> Matches, IReadOnlyList<Gap> Gaps, IReadOnlyList<string> Looked,
        IReadOnlyList<CloudFacts> Facts)> AskAsync(
        AwsCommand aws, IReadOnlyList<string> arns, IReadOnlyList<string> names, ClusterFacts? cluster, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var collector = new CloudCollector(aws, time);
        var wanted = arns.Count > 0 ? arns : await collector.FindAsync(names, cancellationToken).ConfigureAwait(false);
        var facts = (await Task.WhenAll(wanted.Distinct().Take(MaximumGroups)
            .Select(arn => collector.CollectAsync(arn, cluster, cancellationToken))).ConfigureAwait(false)).OfType<CloudFacts>().ToList();
        var matches = facts.SelectMany(Find)
            .Select(finding =>
            new Match(finding)
            {
                Origin = finding.Cause is "security-group" or "network-acl" or "route" ? Origin.Network
            : finding.Cause.StartsWith("target", StringComparison.Ordinal) || finding.Step >= PathStep.Port ? Origin.Target
            : Origin.Object
            }).ToList();
        // The same reason for every fact (no credentials, no command) is one gap.
        var gaps = collector.Problems.GroupBy(problem => problem.Why, StringComparer.Ordinal)
            .Select(same =>
                new Gap("aws", string.Join(", ", same.Select(problem => problem.Fact)), same.Key,
                [.. Causes.Where(cause => same.Any(problem => cause.Needs.Contains(problem.Fact))).Select(cause => cause.Name)])).ToList();
        var looked = facts.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"AWS target group {one.Group.Name}: {one.Group.Targets.Count} targets, {one.Group.Healthy} healthy")).ToList();
        return (matches, gaps, looked, facts);
    }

    internal static IEnumerable<Finding> Find(CloudFacts facts)
    {
        var own = Causes.SelectMany(cause => cause.Find(facts)).ToList();
        var all = TargetDoctor.Find(facts.Group, facts.Cluster).ToList();
        // A check of a port that is not the app's is dropped by rules that are right.
        if (all.Exists(finding => finding.Cause == "target-group-port"))
        {
            own.RemoveAll(finding => finding.Cause is "security-group" or "network-acl" or "route");
        }

        // What stands between explains every target that gets no answer; what a listener lacks explains what is unused.
        var network = own.Exists(finding => finding.Cause is "security-group" or "network-acl" or "route");
        var unused = own.Exists(finding => finding.Cause is "target-group-unused" or "target-zone" or "no-rule");
        var targets = all.Where(finding =>
            !(network && finding.Cause is "filtered" or "target-timeout" or "target-unhealthy")
            && !(unused && finding.Cause is "target-unused" or "target-zone" or "target-group-unused" or "no-targets")).ToList();
        return own.Concat(targets);
    }
}
