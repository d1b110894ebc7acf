using System.Globalization;
using System.Net.Sockets;
using Candor.Doctor.Cluster;
using Candor.Doctor.Model;
using Candor.Doctor.Url;

namespace Candor.Doctor.Targets;

/// <summary>What a cause of a target looks at: the target, its group, and the pod behind it where that is known.</summary>
internal sealed class TargetView(TargetGroupFacts group, TargetFacts target, ClusterFacts? cluster)
{
    internal TargetGroupFacts Group => group;

    internal TargetFacts Target => target;

    internal WorkloadFacts? Workload { get; } = cluster?.Workloads.FirstOrDefault(one => one.Name == group.Workload)
        ?? cluster?.Workloads.FirstOrDefault(one => one.Pods.Any(pod => pod.Address == target.Id || pod.Name == target.Id));

    internal int CheckPort => group.PortOf(target);

    /// <summary>The pod behind the target.</summary>
    internal PodView? Pod => Workload is { } workload && workload.Pods.FirstOrDefault(pod => pod.Address == target.Id || pod.Name == target.Id) is { } pod ? new(cluster!, workload, pod) : null;

    /// <summary>The app's own answer to the agreed question.</summary>
    internal AnswerFacts? Health => Pod?.Public ?? Pod?.Health;

    internal bool IsRefused => target.Description.Contains("refused", StringComparison.OrdinalIgnoreCase) || target.Asked?.ConnectError == SocketError.ConnectionRefused
        || Pod?.Answers.Any(answer => answer.Port == CheckPort && answer.IsRefused) == true;

    internal bool IsTimeout => target.Code == "Target.Timeout" || target.Description.Contains("timed out", StringComparison.OrdinalIgnoreCase) || target.Description.Contains("within the timeout", StringComparison.Ordinal);

    /// <summary>The status that the balancer's check got, or null.</summary>
    internal int? Status
    {
        get
        {
            var digits = new string([.. target.Description.SkipWhile(character => !char.IsAsciiDigit(character)).TakeWhile(char.IsAsciiDigit)]);
            return (target.Code == "Target.ResponseCodeMismatch" || target.Description.StartsWith("answered ", StringComparison.Ordinal)) && digits.Length == 3 ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
        }
    }

    internal Evidence Seen => new($"target {target.Id}:{target.Port.ToString(CultureInfo.InvariantCulture)} {target.State}{(target.Code.Length > 0 ? $", {target.Code}" : string.Empty)}{(target.Description.Length > 0 ? $": {target.Description}" : string.Empty)}", group.Source);

    internal Evidence Check => new(string.Create(CultureInfo.InvariantCulture, $"checks {group.CheckProtocol} :{CheckPort}{group.CheckPath}, codes {group.Codes}, every {group.Interval.TotalSeconds:0.##} s, time-out {group.Timeout.TotalSeconds:0.##} s"), group.Source);
}

/// <summary>A cause that one target shows; the first that holds explains it.</summary>
internal abstract class TargetCause
{
    internal abstract string Id { get; }

    internal abstract Finding? Find(TargetView view);

    /// <summary>A finding about <c>{who}</c>: the targets that it holds for.</summary>
    protected Finding Of(TargetView view, PathStep step, string title, string fix, params IReadOnlyList<Evidence?> evidence) => new()
    {
        Cause = Id,
        Subject = view.Workload?.Name ?? view.Group.Workload ?? view.Group.Name,
        Title = title,
        Step = step,
        Fix = fix,
        Evidence = [view.Seen, .. evidence.OfType<Evidence>()],
    };

    protected static bool IsBad(TargetView view) => view.Target.State is "unhealthy" or "unavailable" || (view.Target.State == "initial" && (view.Target.Code is not ("Elb.RegistrationInProgress" or "Elb.InitialHealthChecking") || view.Target.Description.Contains("fail", StringComparison.OrdinalIgnoreCase)));
}

/// <summary>The target leaves: no fault.</summary>
internal sealed class TargetDraining : TargetCause
{
    internal override string Id => "draining";

    internal override Finding? Find(TargetView view) => view.Target.State != "draining" ? null : Of(
        view, PathStep.Balancer,
        $"{{who}} {{is}} draining: deregistered, and finish{{es}} what {{they}} {{has}}{Left(view)}.", "Wait.") with
    { Severity = Severity.Note, Fault = "F108" };

    private static string Left(TargetView view) => view.Group.DeregistrationDelay > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $", at most {view.Group.DeregistrationDelay.TotalSeconds:0.#} s (deregistration delay)")
        : string.Empty;
}

/// <summary>The target was registered a moment ago: no fault.</summary>
internal sealed class TargetInitial : TargetCause
{
    internal override string Id => "initial";

    internal override Finding? Find(TargetView view) => view.Target.State != "initial" || IsBad(view) ? null : Of(
        view, PathStep.Balancer,
        string.Create(CultureInfo.InvariantCulture, $"{{who}} wait{{s}} for the first checks ({view.Target.Code}): {view.Group.HealthyThreshold} in a row, one every {view.Group.Interval.TotalSeconds:0.#} s{(view.Group.SlowStart > TimeSpan.Zero ? $", then slow start for {view.Group.SlowStart.TotalSeconds:0} s" : string.Empty)}."),
        "Wait.") with
    { Severity = Severity.Note, Fault = "F108" };
}

/// <summary>The balancer does not use the target.</summary>
internal sealed class TargetUnused : TargetCause
{
    internal override string Id => "target-unused";

    internal override Finding? Find(TargetView view) => view.Target.State != "unused" ? null : view.Target.Code switch
    {
        "Target.InvalidState" => Of(view, PathStep.Balancer, "{who} {is} in a state that the balancer cannot use (stopped instance, or wrong network).", "Start the instance, or register one that runs.") with { Cause = "target-invalid" },
        "Target.IpUnusable" => Of(view, PathStep.Balancer, "{who} {has} an address that a balancer itself uses.", "Register the address of a pod.") with { Cause = "target-invalid" },
        "Target.NotInUse" when view.Target.Description.Contains("zone", StringComparison.OrdinalIgnoreCase) => Of(
            view, PathStep.Balancer, $"{{who}} {{is}} in zone {view.Target.Zone ?? "?"}, which the balancer does not serve.", "Give the balancer a subnet in that zone (candor:balancerSubnetIds), or keep pods out of it.") with
        { Cause = "target-zone" },
        "Target.NotInUse" => Of(view, PathStep.Balancer, $"Target group {view.Group.Name} is used by no listener: no probes and no requests reach {{who}}.", "Have a listener or a rule forward to it.") with { Cause = "target-group-unused" },
        _ => Of(view, PathStep.Balancer, $"{{who}} {{is}} unused ({view.Target.Code}): {view.Target.Description}", "Look at listeners, rules and zones of the balancer."),
    };
}

/// <summary>The balancer asks another port than the app serves.</summary>
internal sealed class TargetPort : TargetCause
{
    internal override string Id => "target-group-port";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view) || view.Workload is not { } workload)
        {
            return null;
        }

        var right = workload.Port ?? (workload.Main.Readiness is { } probe ? workload.Main.PortNumber(probe.Port) : null);
        var declared = workload.Main.Ports.Any(port => port.Number == view.CheckPort);
        if (right is not { } served || served == view.CheckPort || (declared && !view.IsRefused))
        {
            return null;
        }

        return Of(
            view, PathStep.Port,
            string.Create(CultureInfo.InvariantCulture, $"Target group {view.Group.Name} checks port {view.CheckPort}, and {workload.Name} serves {served}{(view.Health?.Status is { } status ? $", where it answers {status}" : string.Empty)}."),
            "Take the health check's port from the contract (traffic-port).",
            view.Check,
            new Evidence(string.Create(CultureInfo.InvariantCulture, $"port {served}"), workload.ContractSource.Length > 0 ? $"contract in {workload.ContractSource}" : $"{workload.Title}, readinessProbe")) with
        { Fault = "F101", Commands = [string.Create(CultureInfo.InvariantCulture, $"-   healthCheck.port: {view.CheckPort}"), string.Create(CultureInfo.InvariantCulture, $"+   healthCheck.port: {served}")] };
    }
}

/// <summary>The balancer asks a path that the app does not have.</summary>
internal sealed class TargetPath : TargetCause
{
    internal override string Id => "target-group-path";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view) || (view.Status ?? view.Target.Asked?.Http?.Status) is not (404 or 405 or 410) || (view.Status ?? view.Target.Asked?.Http?.Status) is not { } status)
        {
            return null;
        }

        var right = view.Workload?.Path("readiness");
        var known = right is not null && right != view.Group.CheckPath ? $"; the app serves {right}{(view.Health?.Status is { } answered ? string.Create(CultureInfo.InvariantCulture, $", which answers {answered}") : string.Empty)}"
            : view.Target.Asked?.OtherPaths is { Count: > 0 } others ? $"; the app does have {string.Join(", ", others.Take(3))}" : string.Empty;
        return Of(
            view, PathStep.Endpoint,
            string.Create(CultureInfo.InvariantCulture, $"Target group {view.Group.Name} asks {view.Group.CheckPath} and gets {status}{known}."),
            $"Correct the path{(right is null ? string.Empty : $": healthCheck.path {right}")}. A rule that rewrites host or path does not touch health checks.",
            view.Check, right is null ? null : new Evidence($"paths.readiness {right}", $"contract in {view.Workload!.ContractSource}")) with
        { Fault = "F104", Commands = right is null ? [] : [$"-   healthCheck.path: {view.Group.CheckPath}", $"+   healthCheck.path: {right}"] };
    }
}

/// <summary>The check is redirected, or wants a login, or a host name.</summary>
internal sealed class TargetFilter : TargetCause
{
    internal override string Id => "target-filter";

    internal override Finding? Find(TargetView view)
    {
        var status = view.Status ?? view.Target.Asked?.Http?.Status;
        if (!IsBad(view) || status is null)
        {
            return null;
        }

        var location = view.Target.Asked?.Http?.Headers.GetValueOrDefault("location");
        return status switch
        {
            >= 300 and < 400 => Of(view, PathStep.Endpoint, $"The health path {view.Group.CheckPath} of {{who}} redirects ({status}){(location is null ? string.Empty : $" to {location}")}; a balancer's check follows no redirect and expects {view.Group.Codes}.", "Except the health path from the redirect (to HTTPS, to a login).", view.Check) with { Fault = "F107", Cause = "redirect" },
            401 or 403 or 407 => Of(view, PathStep.Endpoint, $"The health path {view.Group.CheckPath} of {{who}} wants a login ({status}); a balancer's check has none.", "Allow the health path without authentication (ASP.NET: AllowAnonymous).", view.Check) with { Fault = "F107", Cause = "authentication" },
            464 => Of(view, PathStep.Endpoint, $"The protocol version of target group {view.Group.Name} ({view.Group.ProtocolVersion}) does not fit what clients send (464).", "Use HTTP1, or have clients speak HTTP/2.", view.Check) with { Cause = "protocol-version" },
            400 or 421 => Of(view, PathStep.Endpoint, $"The app of {{who}} refuses the check ({status}): a host filter that does not know the target's address, or TLS on that port.", "Let the health path pass the host filter (ASP.NET: AllowedHosts), or correct the check's protocol.", view.Check) with { Fault = "F107", Cause = "host-filter", Confidence = Confidence.Likely },
            _ => null,
        };
    }
}

/// <summary>The target group speaks HTTP/2, gRPC or TLS to an app that speaks plain HTTP/1.1, or the reverse.</summary>
internal sealed class TargetProtocol : TargetCause
{
    internal override string Id => "protocol-version";

    internal override Finding? Find(TargetView view)
    {
        // What the app is known to speak: it answers plain HTTP/1.1 through the API server or to us.
        if (!IsBad(view) || view.Health?.Status is null)
        {
            return null;
        }

        return view.Group.ProtocolVersion is "HTTP2" or "GRPC" && view.Group.Protocol != "HTTPS"
            ? Of(view, PathStep.Endpoint, $"Target group {view.Group.Name} speaks {(view.Group.ProtocolVersion == "GRPC" ? "gRPC" : "HTTP/2")} to {{who}}, and the app answers HTTP/1.1 there.", "Set the target group's protocol version to HTTP1 (it is replaced), or have the app listen for HTTP/2 without TLS.",
                new Evidence($"ProtocolVersion {view.Group.ProtocolVersion}", view.Group.Source), new Evidence(string.Create(CultureInfo.InvariantCulture, $"answers {view.Health.Status} over HTTP/1.1"), view.Health.Source))
            : view.Group.CheckProtocol == "HTTPS"
                ? Of(view, PathStep.Endpoint, $"Target group {view.Group.Name} checks {{who}} over HTTPS, and the app speaks plain HTTP on port {view.CheckPort}.", "Set the health check's protocol to HTTP.", view.Check) with { Cause = "https-to-http" }
                : null;
    }
}

/// <summary>The check's answer is later than the balancer waits, or never comes.</summary>
internal sealed class TargetTimeout : TargetCause
{
    internal override string Id => "target-timeout";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view) || !view.IsTimeout)
        {
            return null;
        }

        var measured = view.Target.Asked?.Http is { Status: not null } http ? http.BodyTime : view.Health?.Status is not null ? view.Health.Time : (TimeSpan?)null;
        var connects = view.Target.Description.Contains("no answer", StringComparison.Ordinal);
        if (connects || measured > view.Group.Timeout)
        {
            var slow = measured is { } time ? $"answers after {PodView.Text(time)}" : "does not answer";
            return Of(
                view, PathStep.Answer,
                $"The balancer waits {PodView.Text(view.Group.Timeout)} for {{who}}, and the app {slow}.",
                measured is null ? "Find what the process waits for: it accepts connections and answers nothing." : "Make health quicker (a budget for its checks), or the time-out longer than it takes.",
                view.Check, measured is { } took ? new Evidence($"{view.Group.CheckPath} took {PodView.Text(took)}", view.Target.Asked is null ? view.Health!.Source : "asked by the doctor") : null) with
            { Fault = "F105" };
        }

        // It answers others in time: what stands between is closed.
        var certain = view.Health?.Status is not null || view.Target.Asked?.Http?.Status is not null;
        return Of(
            view, PathStep.SecurityGroup,
            $"The balancer's packets to {{who}} are dropped on the way (filtered, not refused){(certain ? ": the app answers others on the same port" : string.Empty)}.",
            $"Open TCP {view.CheckPort} from the balancer: its security group's egress, the pods' security group's ingress, network ACLs both ways, NetworkPolicy.",
            view.Check, certain && view.Health is { } answer ? new Evidence(string.Create(CultureInfo.InvariantCulture, $"{answer.Status} after {PodView.Text(answer.Time)}"), answer.Source) : null) with
        { Fault = "F102", Cause = "filtered", Confidence = certain ? Confidence.Likely : Confidence.Possible };
    }
}

/// <summary>Nothing listens where the balancer asks.</summary>
internal sealed class TargetRefused : TargetCause
{
    internal override string Id => "target-refused";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view) || !view.IsRefused)
        {
            return null;
        }

        var loopback = view.Target.Asked?.OnLoopbackOnly == true;
        return Of(
            view, PathStep.Listener,
            loopback ? $"{{who}} refuse{{s}} port {view.CheckPort}, and loopback accepts it: the server is bound to loopback only." : $"{{who}} refuse{{s}} port {view.CheckPort}: the target is reached, and nothing listens there. No firewall drops it.",
            loopback ? "Bind every address (leave CANDOR_BIND unset)." : "Look why the app does not listen there (its log), or correct the port.",
            view.Check) with
        { Fault = loopback ? "F106" : null, Cause = loopback ? "bound-to-loopback" : Id };
    }
}

/// <summary>The app answers, and with another code than the check expects.</summary>
internal sealed class TargetCodes : TargetCause
{
    internal override string Id => "target-codes";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view) || (view.Status ?? view.Target.Asked?.Http?.Status) is not { } status)
        {
            return null;
        }

        var body = view.Pod?.Health?.Health ?? (view.Target.Asked?.Http is { Body.Length: > 0 } http ? HealthBody.Read(http.Body) : HealthBody.Silent);
        var parts = body.Operations.Concat(body.Checks).OrderByDescending(part => part.IsFailing).Take(3).Select(part => part.Text).ToList();
        return status >= 500 && parts.Count > 0
            ? Of(view, PathStep.Check, $"The app of {{who}} reports that it is {body.Status} ({status}): {string.Join("; ", parts)}.", "The check is right: look at what the named check asks.", view.Check) with { Cause = "check-failing" }
            : Of(
                view, PathStep.Answer,
                string.Create(CultureInfo.InvariantCulture, $"Target group {view.Group.Name} expects {view.Group.Codes} at {view.Group.CheckPath}, and {{who}} answer{{s}} {status}."),
                status < 400 ? "Correct the codes, or the path." : "Look at the app's log for this request.", view.Check);
    }
}

/// <summary>The balancer calls it unhealthy, and says no more.</summary>
internal sealed class TargetUnhealthy : TargetCause
{
    internal override string Id => "target-unhealthy";

    internal override Finding? Find(TargetView view)
    {
        if (!IsBad(view))
        {
            return null;
        }

        var status = view.Health?.Status;
        return Of(
            view, PathStep.Balancer,
            status == 200 ? "The balancer calls {who} unhealthy, and the app answers 200 to others: it is the way between, or another question than the app's."
                : $"The balancer calls {{who}} {view.Target.State} ({(view.Target.Code.Length > 0 ? view.Target.Code : "no reason given")}).",
            "Compare the health check's port, path and codes with the app's, then the security groups.", view.Check,
            status is null ? null : new Evidence(string.Create(CultureInfo.InvariantCulture, $"answers {status}"), view.Health!.Source)) with
        { Confidence = Confidence.Possible };
    }
}

/// <summary>Finds the causes of target groups.</summary>
internal static class TargetDoctor
{
    private const int Sampled = 24;

    internal static IReadOnlyList<TargetCause> Causes { get; } =
        [new TargetDraining(), new TargetInitial(), new TargetUnused(), new TargetPort(), new TargetProtocol(), new TargetPath(), new TargetFilter(), new TargetRefused(), new TargetTimeout(), new TargetCodes(), new TargetUnhealthy()];

    internal static IEnumerable<Finding> Find(TargetGroupFacts group, ClusterFacts? cluster)
    {
        if (group.Targets.Count == 0 && group.Count == 0)
        {
            yield return new()
            {
                Cause = "no-targets",
                Subject = group.Workload ?? group.Name,
                Step = PathStep.Balancer,
                Title = $"Target group {group.Name} has no registered target: users get 503 of the balancer.",
                Fix = "Look at the TargetGroupBinding, its Service's selector, and whether any pod is ready.",
                Evidence = [new("no target", group.Source)],
            };
            yield break;
        }

        // Alike targets are one thing to explain; a few of each are looked at.
        var found = new List<(Finding Finding, List<TargetFacts> Targets)>();
        foreach (var alike in group.Targets.GroupBy(target => (target.State, target.Code, target.Zone is null || target.State != "unused" ? null : target.Zone, target.Asked?.Http?.Status, target.Description.Length > 80 ? target.Description[..80] : target.Description)).Take(Sampled))
        {
            var view = new TargetView(group, alike.First(), cluster);
            if (Causes.Select(cause => cause.Find(view)).FirstOrDefault(one => one is not null) is { } finding)
            {
                found.Add((finding, [.. alike]));
            }
        }

        foreach (var same in found.GroupBy(pair => (pair.Finding.Cause, pair.Finding.Title)))
        {
            var targets = same.SelectMany(pair => pair.Targets).ToList();
            var one = targets.Count == 1;
            var who = one ? $"target {targets[0].Id}" : string.Create(CultureInfo.InvariantCulture, $"{targets.Count} of {Math.Max(group.Count, group.Targets.Count)} targets of {group.Name}");
            var title = same.Key.Title.Replace("{who}", who, StringComparison.Ordinal).Replace("{is}", one ? "is" : "are", StringComparison.Ordinal).Replace("{has}", one ? "has" : "have", StringComparison.Ordinal)
                .Replace("{they}", one ? "it" : "they", StringComparison.Ordinal).Replace("{es}", one ? "es" : string.Empty, StringComparison.Ordinal).Replace("{s}", one ? "s" : string.Empty, StringComparison.Ordinal);
            var failOpen = group.Healthy < group.MinimumHealthy && same.First().Finding.Severity == Severity.Fault && same.First().Finding.Step != PathStep.Balancer;
            yield return same.First().Finding with
            {
                Title = title.Length > 0 ? char.ToUpperInvariant(title[0]) + title[1..] : title,
                Symptoms = failOpen
                    ? [string.Create(CultureInfo.InvariantCulture, $"Fail-open is in force: {group.Healthy} healthy targets, fewer than the minimum of {group.MinimumHealthy}, so the balancer sends to all of them.")]
                    : [],
            };
        }
    }
}
