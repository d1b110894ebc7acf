namespace Candor.Planning.Rules;

/// <summary>AG: instances behind a target group, alone or in an Auto Scaling group.</summary>
internal sealed class AutoScalingGroups : RuleFamily
{
    internal static readonly Rule HealthType = new()
    {
        Id = "AG001",
        Severity = Severity.Error,
        Holds = "an Auto Scaling group behind a target group goes by the balancer's health check (healthCheckType ELB), with a grace period above 0",
        Why = "An instance whose app is broken is ejected by the balancer and never replaced, until none is left.",
        Fix = "Set healthCheckType to ELB, and healthCheckGracePeriod above the slowest start.",
        Example = "healthCheckType is not set (\"EC2\"), expected \"ELB\", because orders checks the instances",
    };

    internal static readonly Rule Redundant = new()
    {
        Id = "AG002",
        Severity = Severity.Error,
        Holds = "at least 2 instances stand behind a target group: the Auto Scaling group's minimum, or the attachments",
        Why = "One instance or zone that goes away would take the service with it.",
        Fix = "Run at least 2 instances, in different zones.",
        Example = "minSize is 1, expected at least 2",
    };

    /// <inheritdoc />
    public override string Title => "Instances and Auto Scaling groups";

    /// <inheritdoc />
    public override string Reads =>
        "`aws:autoscaling/group` with `targetGroupArns` or `trafficSources`, `aws:autoscaling/attachment`, `aws:lb/targetGroupAttachment` of instances, launch templates";

    /// <inheritdoc />
    public override IReadOnlyList<Rule> Rules => [HealthType, Redundant];

    /// <inheritdoc />
    internal override void Check(LintScope scope, FindingList findings)
    {
        foreach (var target in scope.OfType(ResourceTypes.TargetGroup))
        {
            foreach (var group in scope.Targets.ScalingGroupsOf(target))
            {
                CheckGroup(group, target, findings);
            }

            CheckAttachments(scope, target, findings);
        }
    }

    private static void CheckGroup(PlanResource group, PlanResource target, FindingList findings)
    {
        var type = group.Inputs["healthCheckType"];
        if (!type.IsUnknown() && type.Text != "ELB")
        {
            findings.Add(HealthType, group, "healthCheckType", type.IsMissing() ? "not set (\"EC2\")" : type.Shown(), $"\"ELB\", because {target.Name} checks the instances");
        }
        else if (group.Inputs["healthCheckGracePeriod"].Number == 0)
        {
            findings.Add(HealthType, group, "healthCheckGracePeriod", "0s", "more than the slowest start",
                why: "An instance that is still starting is taken for broken and replaced, again and again.");
        }

        if (group.Inputs["minSize"].Whole() is { } minimum && minimum < 2)
        {
            findings.Add(Redundant, group, "minSize", $"{minimum}", "at least 2");
        }
    }

    private static void CheckAttachments(LintScope scope, PlanResource target, FindingList findings)
    {
        var attachments = scope.Targets.AttachmentsOf(target).ToList();
        if (attachments is [var only] && scope.Targets.InstanceOf(only) is { } instance && !scope.Targets.ScalingGroupsOf(target).Any() && !scope.Targets.EcsOf(target).Any())
        {
            findings.Add(Redundant, target, string.Empty, $"one instance behind it ({instance.Name})", "at least 2");
        }
    }
}
