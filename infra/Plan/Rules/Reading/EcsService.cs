namespace Candor.Planning.Rules;

/// <summary>An ECS service with its task definition, its target groups and what scales it.</summary>
internal sealed class EcsService
{
    internal EcsService(Plan plan, PlanResource resource, PlanResource? scaling)
    {
        Plan = plan;
        Resource = resource;
        Scaling = scaling;
        Task = plan.Index.Resolve(resource.Inputs["taskDefinition"].Text) is { CanonicalType: AwsTypes.TaskDefinition } task ? task : null;
        (Containers, IsUnreadable) = ContainersOf(Task);
        Entries = [.. resource.Inputs["loadBalancers"].Items.Select((value, i) => new EcsTarget(this, value, $"loadBalancers[{i}]", GroupOf(plan, value)))];
    }

    internal Plan Plan { get; }

    internal PlanResource Resource { get; }

    /// <summary>Its task definition, or null when it is not in the Plan.</summary>
    internal PlanResource? Task { get; }

    internal IReadOnlyList<EcsContainer> Containers { get; }

    /// <summary>Whether its container definitions are encrypted or not known yet, so that nothing can be said of its containers.</summary>
    internal bool IsUnreadable { get; }

    /// <summary>What of it is registered with which target group.</summary>
    internal IReadOnlyList<EcsTarget> Entries { get; }

    /// <summary>Whether one task runs on each instance, so that nobody counts them.</summary>
    internal bool IsDaemon => Resource.Inputs["schedulingStrategy"].Text == "DAEMON";

    /// <summary>The autoscaling target that sets how many tasks there are, or null.</summary>
    internal PlanResource? Scaling { get; }

    /// <summary>Where the fewest tasks stand.</summary>
    internal Field TasksField => Scaling is { } scaling
        ? new(scaling, "minCapacity", scaling.Inputs["minCapacity"])
        : new(Resource, "desiredCount", Resource.Inputs["desiredCount"]);

    /// <summary>The fewest tasks it runs with; null when unknown or one on each instance.</summary>
    internal int? Tasks => IsDaemon ? null : TasksField.Value.Whole(0);

    /// <summary>Whether each task has an address of its own.</summary>
    internal bool HasOwnAddress => Task?.Inputs["networkMode"].Text == "awsvpc" || Resource.Inputs["launchType"].Text == "FARGATE";

    /// <summary>The groups around its tasks, as they are written; null when unknown, or those of the instances.</summary>
    internal IReadOnlyList<string>? SecurityGroups => RouteTargets.Known(Resource.Inputs["networkConfiguration"]["securityGroups"]);

    /// <summary>Every ECS service of a Plan.</summary>
    internal static IReadOnlyList<EcsService> Read(Plan plan)
    {
        var services = plan.Index.OfType(AwsTypes.EcsService).ToList();
        var scaling = plan.Index.OfType(AwsTypes.ScalingTarget)
            .Where(target => target.Inputs["serviceNamespace"].Known() is "ecs" or null)
            .ToList();
        var byName = scaling.ToLookup(target => LastOf(target.Inputs["resourceId"].Text), StringComparer.Ordinal);
        var byDependency = scaling.SelectMany(target => target.DependsOn.Select(urn => (urn, target))).ToLookup(pair => pair.urn, pair => pair.target, StringComparer.Ordinal);
        return [.. services.Select(service => new EcsService(plan, service,
            byDependency[service.Urn].FirstOrDefault()
            ?? (service.Inputs["name"].Known() is { } name ? byName[name].FirstOrDefault() : null)
            ?? byName[LastOf(service.Id)].FirstOrDefault()
            ?? byName[service.Name].FirstOrDefault()))];
    }

    private static string LastOf(string? text) => text is null ? string.Empty : text[(text.LastIndexOf('/') + 1)..];

    private static PlanResource? GroupOf(Plan plan, PlanValue entry) =>
        plan.Index.Resolve(entry["targetGroupArn"].Text) is { CanonicalType: ResourceTypes.TargetGroup } group ? group : null;

    private static (IReadOnlyList<EcsContainer>, bool) ContainersOf(PlanResource? task)
    {
        if (task is null)
        {
            return ([], false);
        }

        var value = task.Inputs["containerDefinitions"];
        var read = value.Text is { } text ? EmbeddedJson.Parse(text) : value;
        return read.Kind == System.Text.Json.JsonValueKind.Array
            ? ([.. read.Items.Select((container, i) => new EcsContainer(container, $"containerDefinitions[{i}]"))], false)
            : ([], value.Exists);
    }
}

/// <summary>One entry of an ECS service's <c>loadBalancers</c>.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Value">Its settings.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Group">The target group, or null when it is not in the Plan.</param>
internal sealed record EcsTarget(EcsService Service, PlanValue Value, string Path, PlanResource? Group)
{
    /// <summary>The container that the target group's requests reach, or null when it cannot be told.</summary>
    internal EcsContainer? Container => Service.Containers.FirstOrDefault(container => container.Value["name"].Text is { } name && name == Value["containerName"].Text);

    /// <summary>The port of it.</summary>
    internal int? Port => Value["containerPort"].Whole();
}
