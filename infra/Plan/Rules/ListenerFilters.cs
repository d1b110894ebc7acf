namespace Candor.Planning.Rules;

/// <summary>HC005 at the balancer's listeners, for the probers that come through them: blackbox probes, and balancers before this one.</summary>
internal static class ListenerFilters
{
    internal static void Check(LintScope scope, FindingList findings)
    {
        var balancers = scope.OfType(ResourceTypes.LoadBalancer).ToList();
        var healthPaths = HealthPaths(scope);
        foreach (var (prober, url) in scope.OfType(ResourceTypes.Probe).SelectMany(probe => Targets(probe).Select(url => (probe, url))))
        {
            // Which balancer a host name leads to is told by DNS; with one balancer there is no choice.
            if (balancers.Count == 1 && healthPaths.Contains(url.AbsolutePath))
            {
                CheckListener(scope, balancers[0], url.Port, url.AbsolutePath, url.Host, prober.Name, findings);
            }
        }

        foreach (var group in scope.OfType(ResourceTypes.TargetGroup).Where(group => group.Inputs["targetType"].Text == "alb"))
        {
            CheckChained(scope, group, findings);
        }
    }

    private static void CheckChained(LintScope scope, PlanResource group, FindingList findings)
    {
        var check = group.Inputs["healthCheck"];
        var port = check["port"].Whole() ?? group.Inputs["port"].Whole();
        var target = scope.OfType(TargetGroupBindings.Attachment)
            .Where(attachment => scope.Plan.Index.Resolve(attachment.Inputs["targetGroupArn"].Text) == group)
            .Select(attachment => scope.Plan.Index.Resolve(attachment.Inputs["targetId"].Text))
            .FirstOrDefault(found => found?.CanonicalType == ResourceTypes.LoadBalancer);
        if (target is not null && port is { } number && check["path"].Known() is { } path)
        {
            CheckListener(scope, target, number, HealthEndpoint.PathOf(path), null, group.Name, findings);
        }
    }

    private static void CheckListener(LintScope scope, PlanResource balancer, int port, string path, string? host, string prober, FindingList findings)
    {
        foreach (var listener in scope.OfType(ResourceTypes.Listener).Where(listener => scope.Plan.BalancerOf(listener) == balancer && Listeners.PortOf(listener) == port))
        {
            var rules = scope.OfType(ResourceTypes.ListenerRule).Where(rule => scope.Plan.ListenerOf(rule) == listener)
                .OrderBy(rule => rule.Inputs["priority"].Whole() ?? int.MaxValue).ToList();
            if (rules.Any(rule => rule.Inputs["conditions"].IsUnknown() || rule.Inputs["priority"].IsUnknown()))
            {
                continue;
            }

            var first = rules.FirstOrDefault(rule => rule.Inputs["conditions"].Items.All(condition => Matches(condition, path, host)));
            var (resource, actions, name) = first is null ? (listener, listener.Inputs["defaultActions"], "defaultActions") : (first, first.Inputs["actions"], "actions");
            foreach (var (action, i) in actions.Items.Select((action, i) => (action, i)))
            {
                if (action["type"].Text is "redirect" or "authenticate-oidc" or "authenticate-cognito" or "fixed-response")
                {
                    findings.Add(HealthPathFilters.Plain, resource, $"{name}[{i}].type", $"\"{action["type"].Text}\" before \"{path}\"", $"to forward it, because {prober} asks for it there", "Add a rule of lower priority number that forwards the health path.");
                }
            }
        }
    }

    private static bool Matches(PlanValue condition, string path, string? host)
    {
        var paths = condition["pathPattern"]["values"].Items.Select(value => value.Text).OfType<string>().ToList();
        var hosts = condition["hostHeader"]["values"].Items.Select(value => value.Text).OfType<string>().ToList();
        return paths.Count > 0 ? paths.Exists(pattern => Like(pattern, path))
            : hosts.Count > 0 && host is not null && hosts.Exists(pattern => Like(pattern, host));
    }

    // An ALB's patterns: * for any characters, ? for one. The last star is the only place to come back to.
    private static bool Like(string pattern, string text)
    {
        var (p, t, star, from) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++from;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private static HashSet<string> HealthPaths(LintScope scope) =>
        [.. scope.Routes.SelectMany(route => (route.Container?.Probes.Select(probe => probe.HttpPath) ?? [])
            .Append(route.Contract?.Paths.Readiness)
            .Append(route.Probe?.Path.Value.Known())).OfType<string>().Select(HealthEndpoint.PathOf)];

    private static IEnumerable<Uri> Targets(PlanResource probe) =>
        probe.Inputs["spec"]["targets"]["staticConfig"]["static"].Items
            .Select(target => target.Known())
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null)
            .OfType<Uri>();
}
