namespace Candor.Planning.Rules;

/// <summary>What is registered with which target group without Kubernetes: ECS services, instances and Auto Scaling groups.</summary>
internal sealed class TargetIndex
{
    private readonly Plan _plan;
    private readonly ILookup<string, EcsTarget> _ecs;
    private readonly ILookup<string, PlanResource> _attachments;
    private readonly ILookup<string, PlanResource> _scaling;

    internal TargetIndex(Plan plan)
    {
        _plan = plan;
        Ecs = EcsService.Read(plan);
        _ecs = Ecs.SelectMany(service => service.Entries).Where(entry => entry.Group is not null).ToLookup(entry => entry.Group!.Urn, StringComparer.Ordinal);
        _attachments = plan.Index.OfType(TargetGroupBindings.Attachment)
            .ToLookup(attachment => plan.Index.Resolve(attachment.Inputs["targetGroupArn"].Text)?.Urn ?? string.Empty, StringComparer.Ordinal);
        _scaling = plan.Index.OfType(AwsTypes.ScalingGroup).SelectMany(group => GroupsOf(group).Select(target => (target, group)))
            .Concat(plan.Index.OfType(AwsTypes.ScalingAttachment).Select(Attached).OfType<(string, PlanResource)>())
            .Distinct()
            .ToLookup(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
    }

    internal IReadOnlyList<EcsService> Ecs { get; }

    internal IEnumerable<EcsTarget> EcsOf(PlanResource targetGroup) => _ecs[targetGroup.Urn];

    internal IEnumerable<PlanResource> AttachmentsOf(PlanResource targetGroup) => _attachments[targetGroup.Urn];

    internal IEnumerable<PlanResource> ScalingGroupsOf(PlanResource targetGroup) => _scaling[targetGroup.Urn];

    /// <summary>The instance of an attachment, or null.</summary>
    internal PlanResource? InstanceOf(PlanResource attachment) =>
        (_plan.Index.Resolve(attachment.Inputs["targetId"].Text) ?? attachment.DependsOn.Select(_plan.Index.Find).FirstOrDefault(found => found?.CanonicalType == AwsTypes.Instance))
            is { CanonicalType: AwsTypes.Instance } instance ? instance : null;

    /// <summary>Whatever a target group sends to, each once.</summary>
    internal IEnumerable<RouteTargets> Of(PlanResource targetGroup)
    {
        foreach (var entry in EcsOf(targetGroup))
        {
            yield return new("tasks", entry.Port, entry.Service.HasOwnAddress ? entry.Service.SecurityGroups : null);
        }

        foreach (var attachment in AttachmentsOf(targetGroup))
        {
            if (InstanceOf(attachment) is { } instance)
            {
                var port = attachment.Inputs["port"].Exists ? attachment.Inputs["port"] : targetGroup.Inputs["port"];
                yield return new("instances", port.Whole(), RouteTargets.Known(instance.Inputs["vpcSecurityGroupIds"]));
            }
        }

        foreach (var group in ScalingGroupsOf(targetGroup))
        {
            yield return new("instances", targetGroup.Inputs["port"].Whole(), GroupsAround(group));
        }
    }

    private IEnumerable<string> GroupsOf(PlanResource group) =>
        group.Inputs["targetGroupArns"].Items.Select(arn => arn.Text)
            .Concat(group.Inputs["trafficSources"].Items.Select(source => source["identifier"].Text))
            .Select(arn => _plan.Index.Resolve(arn)?.Urn)
            .OfType<string>();

    private (string, PlanResource)? Attached(PlanResource attachment)
    {
        var named = attachment.Inputs["autoscalingGroupName"].Text;
        var group = _plan.Index.Resolve(named) ?? _plan.Index.OfType(AwsTypes.ScalingGroup).FirstOrDefault(candidate => candidate.Inputs["name"].Text is { } name && name == named);
        return group is { CanonicalType: AwsTypes.ScalingGroup } && _plan.Index.Resolve(attachment.Inputs["lbTargetGroupArn"].Text) is { } target ? (target.Urn, group) : null;
    }

    private IReadOnlyList<string>? GroupsAround(PlanResource group)
    {
        if (_plan.Index.Resolve(group.Inputs["launchConfiguration"].Text) is { CanonicalType: AwsTypes.LaunchConfiguration } older)
        {
            return RouteTargets.Known(older.Inputs["securityGroups"]);
        }

        var reference = group.Inputs["launchTemplate"];
        var template = _plan.Index.Resolve(reference["id"].Text)
            ?? _plan.Index.OfType(AwsTypes.LaunchTemplate).FirstOrDefault(candidate => candidate.Inputs["name"].Text is { } name && name == reference["name"].Text);
        return template is { CanonicalType: AwsTypes.LaunchTemplate }
            ? RouteTargets.Known(template.Inputs["vpcSecurityGroupIds"]) ?? RouteTargets.Known(template.Inputs["networkInterfaces"].Items.FirstOrDefault()["securityGroups"])
            : null;
    }
}
