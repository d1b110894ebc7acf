using Candor.Contract;
using Candor.Planning;

namespace Candor.Local;

/// <summary>Reads target groups, listeners and bindings.</summary>
internal sealed class BalancerReader(Plan plan, double speed, ICollection<string> problems, ICollection<string> notes)
{
    public TargetGroupSpec TargetGroup(PlanResource resource)
    {
        var inputs = resource.Inputs;
        var check = inputs["healthCheck"];
        var checkPort = check["port"].PortText();
        var matcher = check["matcher"].Text
            ?? check["matcher"].Number?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? "200";
        if (!StatusCodes.TryParse(matcher, out _))
        {
            problems.Add(
                $"Target group {resource.Name}, healthCheck.matcher is '{matcher}'; it must be codes and ranges such as 200, 200,202 or "
                    + $"200-299.");
            matcher = "200";
        }

        return new()
        {
            Name = resource.Name,
            Id = resource.Id,
            Port = inputs["port"].Whole(80),
            CheckPort = int.TryParse(checkPort, out var port) ? port : null,
            CheckPath = check["path"].Text ?? "/",
            Matcher = matcher,
            Interval = check["interval"].Seconds(30, speed),
            Timeout = check["timeout"].Seconds(5, speed),
            HealthyThreshold = check["healthyThreshold"].Whole(5),
            UnhealthyThreshold = check["unhealthyThreshold"].Whole(2),
            DeregistrationDelay = inputs["deregistrationDelay"].Seconds(300, speed),
            SlowStart = inputs["slowStart"].Seconds(0, speed),
            Algorithm = inputs["loadBalancingAlgorithmType"].Text ?? "round_robin",
            MinimumHealthy = MinimumHealthy(inputs["targetGroupHealth"]),
        };
    }

    public BindingSpec Binding(PlanResource resource)
    {
        var spec = resource.Inputs["spec"];
        var reference = spec["targetGroupARN"].Text ?? spec["targetGroupName"].Text ?? string.Empty;
        return new(
            resource.KubernetesNamespace,
            resource.KubernetesName,
            spec["serviceRef"]["name"].Text ?? string.Empty,
            spec["serviceRef"]["port"].PortText(),
            Target($"TargetGroupBinding {resource.KubernetesName}", reference));
    }

    public IEnumerable<ListenerSpec> Listeners(IEnumerable<PlanResource> resources)
    {
        foreach (var resource in resources)
        {
            var actions = resource.Inputs["defaultActions"].Items.ToList();
            var forward = actions.FirstOrDefault(action => action["type"].Text == "forward");
            var group = forward["targetGroupArn"].Text ?? forward["forward"]["targetGroups"].Items.FirstOrDefault()["arn"].Text;
            if (group is null)
            {
                notes.Add(
                    $"Listener {resource.Name} does not forward ({string.Join(", ", actions.Select(a => a["type"].Text))}); it is left "
                        + "out here.");
                continue;
            }

            yield return new(
                resource.Name, resource.Inputs["port"].Whole(80), Target($"Listener {resource.Name}", group), IdleTimeout(resource));
        }
    }

    private TimeSpan IdleTimeout(PlanResource listener)
    {
        var arn = listener.Inputs["loadBalancerArn"].Text;
        var balancer = plan.Index.Resolve(arn) ?? plan.Index.OfType(ResourceTypes.LoadBalancer).FirstOrDefault();
        return (balancer?.Inputs["idleTimeout"] ?? PlanValue.Missing).Seconds(60, speed);
    }

    /// <summary>The target group that an ARN refers to: by the id that the recording gave it, or else by its name within the ARN.</summary>
    private string Target(string where, string reference)
    {
        var groups = plan.Index.OfType(ResourceTypes.TargetGroup).ToList();
        var found = groups.FirstOrDefault(g => g == plan.Index.Resolve(reference))
            ?? groups.FirstOrDefault(g => reference.Split('/', ':').Contains(g.Inputs["name"].Text ?? g.Name));
        if (found is null)
        {
            problems.Add(
                $"{where} names the target group '{reference}'; the Plan has "
                    + $"{string.Join(", ", groups.Select(g => $"'{g.Id ?? g.Name}'"))}.");
        }

        return found?.Name ?? string.Empty;
    }

    private static int MinimumHealthy(PlanValue health) =>
        health["unhealthyStateRouting"]["minimumHealthyTargetsCount"].Whole(1);
}
