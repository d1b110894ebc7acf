using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Doctor.Model;
using Candor.Doctor.Url;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>The app says that it is starting.</summary>
internal sealed class Starting : PodCause
{
    internal override string Id => "starting";

    internal override IReadOnlyList<string> Needs => ["answers"];

    internal override Match? Match(PodView view)
    {
        if (view.Health is not { Health: { Status: "starting" } body } answer || view.Main is not { } main)
        {
            return null;
        }

        var age = view.Age(main.State.StartedAt);
        var limit = view.ContractTime("startupLimit");
        var allowance = main.Startup?.Allowance ?? main.Readiness?.Allowance ?? TimeSpan.FromSeconds(30);
        var task = body.Checks.Count > 0 ? body.Checks[0] : null;
        var detail = task?.Detail ?? view.Log.Current.LastOrDefault(line => line.Message.Contains("start-up task", StringComparison.Ordinal) && line.Message.Contains("failed", StringComparison.Ordinal))?.Message;
        var meaning = Reasons.Of(task?.Reason == "starting" ? null : task?.Reason, detail);
        var name = task?.Name ?? "unnamed";
        var seen = new Evidence($"starting, task {name}{(detail is null ? string.Empty : $": {detail}")}", answer.Source, view.Cluster.Now);
        var root = detail is null ? null : Dependencies.Mentioned(view, $"{name} {detail}");
        var dependency = root?.Dependency ?? (detail is null ? null : Dependencies.Guess(view, $"{name} {detail}"));
        if (root is not null || meaning.Kind is ReasonKind.Authentication or ReasonKind.Refuses or ReasonKind.Down)
        {
            var (variable, source) = Dependencies.Setting(view, dependency ?? string.Empty);
            var refused = meaning.Kind == ReasonKind.Authentication && dependency is not null;
            return new(
                Finding(
                    view, PathStep.Dependency,
                    $"{{who}} cannot finish the start: task {name}: {(root is null ? $"{meaning.Words}{(refused ? $" of {variable}{(source is null ? string.Empty : $" in {source}")}" : string.Empty)}" : $"{Told(detail!)}. {root.Sentence.TrimEnd('.')}")}.",
                    root?.Fix ?? (refused ? $"Set the password in {source ?? variable} to the one that {dependency} has, and roll {view.Workload.Title}." : meaning.Fix),
                    seen, root?.Evidence, refused ? new Evidence($"{variable}{(source is null ? string.Empty : $" from {source}")}", view.Field("env")) : null) with
                {
                    Cause = meaning.Kind == ReasonKind.Authentication ? "dependency-authentication" : "dependency-at-start",
                    Fault = meaning.Kind == ReasonKind.Authentication ? "F204" : "F103",
                    Commands = root?.Commands ?? (refused ? [$"kubectl rollout restart {view.Workload.Kind.ToLowerInvariant()}/{view.Workload.Name} -n {view.Cluster.Namespace}"] : []),
                },
                dependency);
        }

        if (age > allowance + TimeSpan.FromSeconds(5) && age > (limit ?? TimeSpan.Zero))
        {
            return new(Finding(
                view, PathStep.Check,
                $"{{who}} {{is}} starting for longer than allowed: task {name} is open for {PodView.Text(age)}, and the probe allows {PodView.Text(allowance)}.",
                "Look at what the task waits for (its log lines), or allow more time.", seen) with
            { Cause = "start-too-long" });
        }

        return new(Finding(
            view, PathStep.Check,
            $"{{who}} {{is}} starting: start-up task {name} is open since {PodView.Text(age)}; the probe allows {PodView.Text(allowance)}{(limit is null ? string.Empty : $", the app's own limit is {PodView.Text(limit.Value)}")}.",
            "Wait.", seen) with
        { Severity = Severity.Note, Fault = "F108" });
    }

    private static string Told(string detail) => SafeText.Short(SafeText.Of(detail), 120).TrimEnd('.');
}

/// <summary>The app says what is wrong.</summary>
internal sealed partial class CheckFailing : PodCause
{
    // What these see follows from what a dependency does.
    private static readonly string[] Followers = ["canary", "errors", "requests"];

    internal override string Id => "check-failing";

    internal override IReadOnlyList<string> Needs => ["answers"];

    internal override Match? Match(PodView view)
    {
        if (view.Health is not { } answer || answer.Health.Status is "starting" || (answer.Status == 200 && answer.Health.IsClean))
        {
            return null;
        }

        var body = answer.Health;
        if (body.Status == "draining")
        {
            return new(Finding(
                view, PathStep.Check, "{who} {is} draining without being deleted: a drain was requested (POST /drain).", "Delete the pod when it should go, or restart it.",
                new Evidence("draining, no deletionTimestamp", answer.Source, view.Cluster.Now)) with
            { Cause = "draining-undeleted", Severity = Severity.Warning, Fault = "F108" });
        }

        var parts = body.Operations.Concat(body.Checks).ToList();
        if (parts.Count == 0)
        {
            return answer.Status is >= 200 and < 400 ? null : new(Finding(
                view, PathStep.Answer, string.Create(CultureInfo.InvariantCulture, $"{{who}} answer{{s}} {answer.Status} with \"{SafeText.Short(body.Status ?? body.Reason ?? "no word", 60)}\"."),
                "Look at the app's log.", new Evidence(SafeText.Short(answer.Body, 200), answer.Source, view.Cluster.Now)));
        }

        var dependencies = Dependencies.Of(view.Workload).Select(one => one.Name).ToList();
        var part = parts.Where(one => one.IsFailing || answer.Status == 200)
            .OrderBy(one => body.Operations.Contains(one) && !Names(one, dependencies))
            .ThenBy(one => Followers.Contains(one.Name))
            .ThenBy(one => !dependencies.Contains(one.Name)).FirstOrDefault() ?? parts[0];
        var dependency = dependencies.FirstOrDefault(name => name == part.Name) ?? dependencies.FirstOrDefault(name => part.Reason?.Contains(name, StringComparison.OrdinalIgnoreCase) == true);
        var reason = Told(view, body, part, dependency);
        var degraded = answer.Status == 200;
        var seen = new Evidence($"{part.Text}{(part.Detail is null ? string.Empty : $" ({part.Detail})")}", answer.Source, view.Cluster.Now);
        var symptoms = parts.Where(one => one != part).Select(one => one.Text).ToList();
        var finding = dependency is null ? Own(view, part, reason, seen, body) : OfDependency(view, part, dependency, reason, seen);
        var all = view.Workload.Pods.Count > 1 && view.Workload.Pods.All(pod => !pod.IsReady);
        return new(
            finding with
            {
                Severity = degraded ? Severity.Warning : Severity.Fault,
                Symptoms =
                [
                    .. symptoms.Count == 0 ? Array.Empty<string>() : [$"Also not healthy: {string.Join(", ", symptoms.Take(6))}."],
                    .. all ? ["Every pod is unready for this shared cause: do not restart them. An ALB then fails open to all registered targets."] : Array.Empty<string>(),
                ],
            },
            dependency);
    }

    private static bool Names(FailingPart part, List<string> dependencies) => dependencies.Exists(name => part.Reason?.Contains(name, StringComparison.OrdinalIgnoreCase) == true);

    private sealed record Reason(string Word, ReasonMeaning Meaning, Evidence? From);

    /// <summary>Why, in the app's words: those of the answer, unless they only say that a breaker is open; then those of the log before.</summary>
    private static Reason Told(PodView view, HealthBody body, FailingPart part, string? dependency)
    {
        var meaning = Reasons.Of(part.Reason, part.Detail);
        if (meaning.Kind == ReasonKind.Hidden && body.Reason is { } root && Reasons.Of(root, null) is { Kind: not (ReasonKind.Hidden or ReasonKind.Other) } known)
        {
            return new(root, known, null);
        }

        if (meaning.Kind != ReasonKind.Hidden)
        {
            return new(part.Reason ?? part.Status, meaning, null);
        }

        foreach (var line in view.Log.Current.Reverse())
        {
            if (line.Message.EndsWith("-> ready", StringComparison.Ordinal))
            {
                break;
            }

            foreach (System.Text.RegularExpressions.Match match in PartReason().Matches(line.Message))
            {
                if (match.Groups[1].Value == part.Name && Reasons.Of(match.Groups[2].Value, null) is { Kind: not (ReasonKind.Hidden or ReasonKind.Other) } found)
                {
                    return new(match.Groups[2].Value.Trim(), found, new Evidence(line.Message, $"kubectl logs {view.Pod.Name}", line.At));
                }
            }
        }

        return dependency is not null && Refusal(view, dependency) is { } refusal
            ? new("authentication", Reasons.Of("authentication", null), refusal)
            : new(part.Reason ?? part.Status, meaning, null);
    }

    private static Evidence? Refusal(PodView view, string dependency)
    {
        var pod = view.Cluster.WorkloadBehind(dependency) is { Pods: [var first, ..] } ? first : null;
        var line = pod is null ? null : view.Cluster.Logs.GetValueOrDefault(pod.Name)?.Current.LastOrDefault(one => one.Message.Contains("authentication failed", StringComparison.OrdinalIgnoreCase) || one.Message.Contains("invalid credentials", StringComparison.OrdinalIgnoreCase));
        return line is null ? null : new(line.Message, $"kubectl logs {pod!.Name}", line.At);
    }

    private Finding OfDependency(PodView view, FailingPart part, string dependency, Reason reason, Evidence seen)
    {
        var state = view.Health!.Status == 200 ? "{is} degraded" : "{is} unready";
        var word = part.Reason is { } now && now != reason.Word ? $"{reason.Word}; {now} now" : reason.Word;
        var start = $"{{who}} {state} because of check {part.Name} ({word})";
        if (Dependencies.Broken(view, dependency) is { } root)
        {
            return Finding(view, PathStep.Dependency, $"{start}: {root.Sentence}", root.Fix, seen, root.Evidence, reason.From) with { Cause = "dependency-down", Fault = "F201", Commands = root.Commands };
        }

        if (reason.Meaning.Kind == ReasonKind.Authentication)
        {
            var (variable, source) = Dependencies.Setting(view, dependency);
            return Finding(
                view, PathStep.Dependency,
                $"{start}: {dependency} is up and refuses the password of {variable}{(source is null ? string.Empty : $" in {source}")}.",
                $"Set the password in {source ?? variable} to the one that {dependency} has, and roll {view.Workload.Title}.",
                seen, reason.From, Refusal(view, dependency)) with
            {
                Cause = "dependency-authentication",
                Fault = "F204",
                Commands = [$"kubectl rollout restart {view.Workload.Kind.ToLowerInvariant()}/{view.Workload.Name} -n {view.Cluster.Namespace}"],
            };
        }

        // "Down" with a dependency that is up and ready means that its packets do not arrive.
        if (reason.Meaning.Kind is ReasonKind.Silent or ReasonKind.Hidden || (reason.Meaning.Kind == ReasonKind.Down && part.Detail?.Contains("refused", StringComparison.OrdinalIgnoreCase) != true))
        {
            var (sentence, fix, confidence) = Dependencies.Path(view, dependency);
            return Finding(view, PathStep.Dependency, $"{start}: {sentence}.", fix, seen, reason.From) with { Cause = "dependency-unreachable", Fault = "F202", Confidence = confidence };
        }

        return Finding(view, PathStep.Dependency, $"{start}: {reason.Meaning.Words}.", reason.Meaning.Fix, seen, reason.From) with { Cause = "dependency-refuses", Fault = reason.Meaning.Fault };
    }

    private Finding Own(PodView view, FailingPart part, Reason reason, Evidence seen, HealthBody body)
    {
        var operation = body.Operations.Contains(part);
        var share = part.Share is { } value ? string.Create(CultureInfo.InvariantCulture, $", {value * 100:0} % of its answers") : string.Empty;
        var since = part.Since is { } at ? $" since {at}" : string.Empty;
        var root = body.Reason is { } top && top != part.Reason && Reasons.Of(top, null).Kind is not (ReasonKind.Hidden or ReasonKind.Other) ? Reasons.Of(top, null) : reason.Meaning;
        return Finding(
            view, root.Kind is ReasonKind.Refuses or ReasonKind.Authentication ? PathStep.Dependency : PathStep.Check,
            $"{{who}} {(view.Health!.Status == 200 ? "{is} degraded" : "{is} unready")}: {(operation ? "operation" : "check")} {part.Name} {(operation ? part.Status : "fails")}{share}{since}: {root.Words}.",
            root.Fix, seen, reason.From) with
        { Cause = operation ? "operation-failing" : "check-failing", Fault = root.Fault };
    }

    [GeneratedRegex(@"(?:: |, )([a-z0-9-]+):? ([^,]+)")]
    private static partial Regex PartReason();
}

/// <summary>The containers are ready, and Kubernetes waits for the balancer's word.</summary>
internal sealed class ReadinessGate : PodCause
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    internal override string Id => "readiness-gate";

    internal override Match? Match(PodView view)
    {
        var pod = view.Pod;
        if (pod.IsReady || pod.Condition("ContainersReady") is not { Status: "True" } ready || pod.Gates.Count == 0)
        {
            return null;
        }

        var gate = pod.Gates.FirstOrDefault(type => pod.Condition(type)?.Status != "True");
        if (gate is null)
        {
            return null;
        }

        var age = view.Age(ready.Since);
        var condition = pod.Condition(gate);
        var service = gate[(gate.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var binding = view.Cluster.Bindings.FirstOrDefault(one => one["metadata"]["name"].Text == service);
        var bindingSeen = view.Cluster.Has("targetgroupbindings")
            ? new Evidence(binding.Exists ? $"TargetGroupBinding {service} exists" : $"there is no TargetGroupBinding {service}; there are: {Names(view)}", "kubectl get targetgroupbindings")
            : null;
        if (condition is null or { Status: "Unknown" })
        {
            // The controller sets the condition within seconds of the containers being ready.
            var young = age < Usual && binding.Exists && view.Cluster.IsClockExact;
            var why = binding.Exists || !view.Cluster.Has("targetgroupbindings") ? "is the AWS Load Balancer Controller running?" : $"no TargetGroupBinding of that name exists (there are: {Names(view)})";
            return new(Finding(
                view, PathStep.Balancer,
                $"The containers of {{who}} are ready; Ready waits for the readiness gate {gate}, which nothing has set: {why}",
                binding.Exists || !view.Cluster.Has("targetgroupbindings") ? "Look whether the AWS Load Balancer Controller runs and what it logs; the gate must be named after the TargetGroupBinding." : "Create the TargetGroupBinding, or name the gate after the one there is.",
                new Evidence("ContainersReady True, condition of the gate missing", $"pod {pod.Name}, status.conditions", ready.Since), bindingSeen) with
            {
                Severity = young ? Severity.Note : Severity.Fault,
                Commands = ["kubectl logs -n kube-system deployment/aws-load-balancer-controller --tail=50"],
            });
        }

        var reason = condition.Reason ?? string.Empty;
        var initial = reason.Contains("Initial", StringComparison.Ordinal) || reason.Contains("Registration", StringComparison.Ordinal);
        var interval = view.ContractTime("balancer", "interval") ?? TimeSpan.FromSeconds(10);
        if (initial && age < (interval * 5) + Usual)
        {
            return new(Finding(
                view, PathStep.Balancer, $"{{who}} wait{{s}} for the balancer's first checks ({reason}).", "Wait.",
                new Evidence($"{reason} {condition.Message}", $"pod {pod.Name}, condition {gate}", condition.Since)) with
            { Severity = Severity.Note, Fault = "F108" });
        }

        var health = view.Public is { Status: 200 } ? " while the app answers 200 through the API server" : string.Empty;
        return new(Finding(
            view, Step(reason),
            $"The balancer calls {{who}} not healthy ({(reason.Length > 0 ? reason : "no reason given")}{(condition.Message is { Length: > 0 } message ? $": {SafeText.Short(message, 120)}" : string.Empty)}){health}: the readiness gate {gate} is False.",
            reason.Contains("Timeout", StringComparison.Ordinal) ? "Open the way: security group of the pods, NetworkPolicy and network ACL must admit the balancer on the traffic and health ports."
                : reason.Contains("ResponseCodeMismatch", StringComparison.Ordinal) ? "Correct path, host or codes of the target group's health check."
                : "Look at the target group: candor doctor --target-group ARN names the cause; most often a security group or NetworkPolicy does not admit the balancer.",
            new Evidence($"status False{(reason.Length > 0 ? $", reason {reason}" : string.Empty)}", $"pod {pod.Name}, condition {gate}", condition.Since), bindingSeen,
            view.Public is { } answer ? new Evidence(string.Create(CultureInfo.InvariantCulture, $"{answer.Status} in {PodView.Text(answer.Time)}"), answer.Source) : null) with
        {
            Cause = "balancer-unhealthy",
            Confidence = reason.Length > 0 ? Confidence.Certain : Confidence.Likely,
            Commands = binding["spec"]["targetGroupARN"].Text is { } arn ? [$"candor doctor --target-group {arn}"] : [],
        });
    }

    private static PathStep Step(string reason) => reason switch
    {
        _ when reason.Contains("Timeout", StringComparison.Ordinal) => PathStep.SecurityGroup,
        _ when reason.Contains("ResponseCodeMismatch", StringComparison.Ordinal) => PathStep.Answer,
        _ => PathStep.Balancer,
    };

    private static string Names(PodView view) => string.Join(", ", view.Cluster.Bindings.Select(one => one["metadata"]["name"].Text).OfType<string>().Take(5)) is { Length: > 0 } names ? names : "none";
}

/// <summary>A probe fails, or ended the container, for a reason that no other cause names.</summary>
internal sealed class ProbeFails : PodCause
{
    internal override string Id => "probe-fails";

    internal override Match? Match(PodView view)
    {
        if (view.Main is not { } main)
        {
            return view.Pod.Phase == "Pending" && view.Age(view.Pod.CreatedAt) > TimeSpan.FromMinutes(2)
                ? new(Finding(view, PathStep.Listener, "{who} {is} Pending, and no container was made yet.", "Look at the node's kubelet and the pod's events.", new Evidence($"phase Pending since {PodView.Text(view.Age(view.Pod.CreatedAt))}", $"pod {view.Pod.Name}")) with { Cause = "pending" })
                : null;
        }

        var killed = view.Events.Where(one => one.Reason == "Killing" && one.Message.Contains("probe", StringComparison.Ordinal) && view.Age(one.Last) < TimeSpan.FromMinutes(15)).MaxBy(one => one.Last);
        if (view.Pod.IsReady && killed is null)
        {
            return null;
        }

        var probe = view.FailingProbe ?? (killed is null ? null : killed.Message.Contains("startup", StringComparison.Ordinal) ? main.Startup : main.Liveness);
        if (probe is null)
        {
            return null;
        }

        var last = view.Failures(probe).MaxBy(one => one.Last);
        var age = view.Age(main.State.StartedAt);
        if (last is null && killed is null && main.Restarts == 0 && age < probe.Allowance)
        {
            return new(Finding(view, PathStep.Answer, $"{{who}} started {PodView.Text(age)} ago and {{is}} not ready yet; the {probe.Kind} probe allows {PodView.Text(probe.Allowance)}.", "Wait.", new Evidence("running, no probe has failed", $"pod {view.Pod.Name}", main.State.StartedAt)) with { Severity = Severity.Note, Fault = "F108", Cause = "starting" });
        }

        if (main.State.Kind is "waiting" && main.State.Reason is "ContainerCreating" or "PodInitializing" && view.Age(view.Pod.CreatedAt) < TimeSpan.FromMinutes(2))
        {
            return new(Finding(view, PathStep.Listener, $"{{who}} {{is}} being made ({main.State.Reason}).", "Wait.", new Evidence(main.State.Reason!, $"pod {view.Pod.Name}", view.Pod.CreatedAt)) with { Severity = Severity.Note, Fault = "F108", Cause = "starting" });
        }

        return new(Finding(
            view, PathStep.Answer,
            $"The {probe.Kind} probe of {{who}} ({view.Asked(probe)}) fails{(killed is null ? string.Empty : ", and the kubelet restarts the container for it (its exit code tells nothing: the drain works)")}: {SafeText.Short(SafeText.Of(last?.Message ?? killed?.Message ?? "no event tells why; they expire after an hour"), 200)}",
            "Ask the same path of the pod, and read the app's log.",
            last is null ? null : Probes.Event(view, probe),
            killed is null ? null : new Evidence(killed.Message, $"event Killing of pod {view.Pod.Name}", killed.Last),
            new Evidence(string.Create(CultureInfo.InvariantCulture, $"ready {main.Ready}, started {main.Started}, {main.Restarts} restarts"), $"pod {view.Pod.Name}, containerStatuses")) with
        {
            Confidence = Confidence.Possible,
            Commands = [view.Kubectl($"logs {view.Pod.Name}")],
        });
    }
}
