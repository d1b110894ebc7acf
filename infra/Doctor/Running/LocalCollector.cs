using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Candor.Doctor.Cluster;
using Candor.Doctor.Targets;
using Candor.Doctor.Url;
using Candor.Local;
using Candor.Planning;

namespace Candor.Doctor.Running;

/// <summary>A flow that is needed and that the Plan's rules close.</summary>
/// <param name="From">Who dials: <c>balancer</c>, <c>monitoring</c> or a workload.</param>
/// <param name="To">The workload or Service that is dialled.</param>
/// <param name="Port">The port.</param>
/// <param name="By">What closes it, and what it lacks.</param>
/// <param name="At">When it was seen.</param>
internal sealed record ClosedFlow(string From, string To, string Port, string By, DateTimeOffset At);

/// <summary>What the running local target tells, before anything is asked of its pods.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Plan">The Plan that it realises, or null when it does not tell.</param>
/// <param name="Events">What happened so far.</param>
/// <param name="Logs">The last lines of each pod that is not well.</param>
internal sealed record LocalState(LocalStatus Status, Plan? Plan, IReadOnlyList<LocalEvent> Events, IReadOnlyDictionary<string,
    IReadOnlyList<string>> Logs);

/// <summary>Lays what the local target tells out as a cluster's facts, so that the same causes explain both.</summary>
internal sealed partial class LocalCollector(TimeProvider time)
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(4);

    /// <summary>Lays it out, and asks the pods of services as the kubelet and the balancer would.</summary>
    internal async Task<(ClusterFacts Cluster, IReadOnlyList<TargetGroupFacts> Groups,
        IReadOnlyList<ClosedFlow> Flows)> CollectAsync(LocalState state, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var workloads = state.Status.Workloads.Select(workload => Of(workload, state, now)).ToList();
        var asked = workloads.Where(workload => workload.IsService)
            .SelectMany(workload => workload.Pods.Where(pod => pod.Containers is [{ State.Kind: "running" }]).Take(12)
                .SelectMany(pod => Questions(workload, pod).Select(question => (pod, question))));
        var answers =
            await Task.WhenAll(asked.Select(async one => (one.pod.Name,
            Answer: await AnswerAsync(one.pod, one.question.Port, one.question.Path, cancellationToken).ConfigureAwait(false))))
            .ConfigureAwait(false);
        var namespaces = state.Status.Workloads.Select(workload => workload.Namespace).Distinct().ToList();
        var cluster = new ClusterFacts
        {
            Namespace = namespaces is [var only, ..] ? only : "default",
            Now = now,
            IsClockExact = false,
            Workloads = workloads,
            Services = Objects(state.Plan, ResourceTypes.Service),
            Policies = Objects(state.Plan, ResourceTypes.NetworkPolicy),
            Bindings = Objects(state.Plan, ResourceTypes.TargetGroupBinding),
            Slices = [.. Objects(state.Plan, ResourceTypes.Service).Select(service => Slice(service, workloads))],
            Events = Events(state, now),
            Answers = answers.GroupBy(one => one.Name, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => (IReadOnlyList<AnswerFacts>)[.. group.Select(one => one.Answer)],
                StringComparer.Ordinal),
            Logs = state.Logs.ToDictionary(log => log.Key, log => new LogFacts(LogLine.Read(string.Join('\n', log.Value)), []),
                StringComparer.Ordinal),
        };
        var groups = await Task.WhenAll(state.Status.Targets.GroupBy(target => target.TargetGroup, StringComparer.Ordinal)
            .Select(group => GroupAsync(group.Key, [.. group], state, cancellationToken))).ConfigureAwait(false);
        return (cluster, groups, Flows(state.Events));
    }

    /// <summary>The closed flows that the supervisor warned of and that have not been opened since.</summary>
    internal static IReadOnlyList<ClosedFlow> Flows(IReadOnlyList<LocalEvent> events)
    {
        var closed = new Dictionary<(string From, string To, string Port), ClosedFlow>();
        foreach (var one in events.Where(one => one.Subject == "network"))
        {
            foreach (System.Text.RegularExpressions.Match match in NeededFlow().Matches(one.Message))
            {
                var key = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
                if (one.Kind == LocalEventKind.Warning && match.Groups[4].Success)
                {
                    closed[key] = new(key.Item1, key.Item2, key.Item3, match.Groups[4].Value, one.At);
                }
                else
                {
                    closed.Remove(key);
                }
            }
        }

        return [.. closed.Values];
    }

    private static WorkloadFacts Of(WorkloadStatus workload, LocalState state, DateTimeOffset now)
    {
        var type = workload.Kind == "Deployment" ? ResourceTypes.Deployment : ResourceTypes.StatefulSet;
        var resource = state.Plan?.WorkloadsOf()
            .FirstOrDefault(one => one.Type == type && one.KubernetesName == workload.Name
            && one.KubernetesNamespace == workload.Namespace);
        var facts = ClusterCollector.Of(workload.Kind, workload.Name, resource?.Inputs ?? PlanValue.EmptyObject, [], new Dictionary<string,
            string?>(StringComparer.Ordinal));
        var text = resource is null ? null : state.Plan!.ContractTextOf(resource);
        facts = facts with
        {
            Replicas = workload.Replicas,
            ContractText = text,
            Contract = text is null ? PlanValue.Missing : PlanValue.Parse(text),
            ContractSource = "the Plan",
            IsService = text is not null || workload.Kind == "Deployment",
            Conditions = workload.State == RolloutState.Failed
                ? [new("Progressing", "False", "ProgressDeadlineExceeded", workload.Reason, null)] : [],
        };
        facts.Pods = [.. state.Status.Pods.Where(pod => pod.Workload == workload.Name && pod.Phase != "Ended")
            .Select(pod => Pod(pod, facts, state, now))];
        facts.Groups = [.. facts.Pods.GroupBy(pod => pod.Signature).Select(group => new PodGroup([.. group], [.. group.Take(12)]))];
        return facts;
    }

    private static PodFacts Pod(LocalPod pod, WorkloadFacts workload, LocalState state, DateTimeOffset now)
    {
        var gate = pod.Reason.StartsWith("readiness gate", StringComparison.Ordinal);
        var ready = pod.Ready || gate;
        var gates = workload.Object["spec"]["template"]["spec"]["readinessGates"].Items.Select(one => one["conditionType"].Text)
            .OfType<string>().ToList();
        var grace = TimeSpan.FromSeconds((workload.Object["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].Number
            ?? 30) / state.Status.Speed);
        var told = state.Events.LastOrDefault(one => one.Subject == pod.Name && one.Message == "told to end")?.At ?? now;
        var ended = pod.LastExitCode is { } code && (pod.Restarts > 0 || pod.Phase == "BackOff")
            ? new StateFacts("terminated", code == 0 ? "Completed" : "Error", null, code, null, now) : StateFacts.None;
        return new()
        {
            Name = pod.Name,
            OwnerKind = workload.Kind,
            OwnerName = workload.Name,
            Phase = pod.Phase == "Pending" ? "Pending" : "Running",
            CreatedAt = pod.StartedAt ?? now,
            Address = pod.Address,
            DeletedAt = pod.Phase == "Terminating" ? told + grace : null,
            Grace = grace,
            Gates = gates,
            Conditions =
            [
                new("PodScheduled", "True", null, null, null),
                new("Ready", pod.Ready ? "True" : "False", gate ? "ReadinessGatesNotReady" : null, pod.Reason, null),
                new("ContainersReady", ready ? "True" : "False", null, pod.Reason, null),
                .. gates.Where(_ => ready)
                    .Select(name => new ConditionFacts(name, pod.Ready ? "True" : "False", null, gate ? pod.Reason : null, null)),
            ],
            Containers =
            [
                new()
                {
                    Name = workload.Object["spec"]["template"]["spec"]["containers"].Items.FirstOrDefault()["name"].Text ?? workload.Name,
                    Spec = workload.Main,
                    Ready = ready,
                    Started = pod.Phase == "Running" && !pod.Reason.StartsWith("starting", StringComparison.Ordinal),
                    Restarts = pod.Restarts,
                    State = pod.Phase switch
                    {
                        "BackOff" => new("waiting", "CrashLoopBackOff", pod.Reason, null, null, null),
                        "Pending" => new("waiting", "ContainerCreating", pod.Reason, null, null, null),
                        _ => new("running", null, null, null, pod.StartedAt, null),
                    },
                    Last = ended,
                },
            ],
        };
    }

    /// <summary>What the local kubelet saw, in the words of a real one.</summary>
    private static EventTable Events(LocalState state, DateTimeOffset now)
    {
        var table = new EventTable();
        foreach (var pod in state.Status.Pods.Where(pod => pod.Reason.Length > 0))
        {
            var reason = pod.Reason;
            if (reason.Contains("probe failed ", StringComparison.Ordinal))
            {
                var kind = reason.StartsWith("liveness", StringComparison.Ordinal) ? "liveness" : "startup";
                Add(pod.Name, "Normal", "Killing", $"Container failed {kind} probe, will be restarted", 1);
                Add(pod.Name, "Warning", "Unhealthy", $"{(kind == "liveness" ? "Liveness" : "Startup")} probe failed: {Words(reason)}", 3);
            }
            else if (reason.StartsWith("starting; ", StringComparison.Ordinal))
            {
                Add(pod.Name, "Warning", "Unhealthy", $"Startup probe failed: {Words(reason["starting; ".Length..])}", 2);
            }
            else if (!pod.Ready && pod.Phase == "Running" && reason.Contains(": ", StringComparison.Ordinal)
                && !reason.StartsWith("readiness gate", StringComparison.Ordinal))
            {
                Add(pod.Name, "Warning", "Unhealthy", $"Readiness probe failed: {Words(reason)}", 2);
            }
        }

        return table;

        void Add(string pod, string type, string reason, string message, int count) =>
            table.Add(PlanValue.From(new System.Text.Json.Nodes.JsonObject
            {
                ["involvedObject"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = "Pod", ["name"] = pod },
                ["type"] = type,
                ["reason"] = reason,
                ["message"] = message,
                ["count"] = count,
                ["lastTimestamp"] = now.ToString("O", CultureInfo.InvariantCulture),
            }));
    }

    private static string Words(string seen)
    {
        var last = seen[(seen.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].Trim();
        return last.Length == 3 && last.All(char.IsAsciiDigit) ? $"HTTP probe failed with statuscode: {last}"
            : last.Contains("refused", StringComparison.OrdinalIgnoreCase) ? $"{seen} (connection refused)"
            : last.Contains("no answer within", StringComparison.Ordinal) ? $"{seen} (context deadline exceeded)"
            : seen;
    }

    private static IEnumerable<(int Port, string Path)> Questions(WorkloadFacts workload, PodFacts pod)
    {
        var path = workload.Path("readiness") ?? workload.Main.Readiness?.Path;
        return path is null ? []
            : new[] { workload.Port ?? (workload.Main.Readiness is { } probe ? workload.Main.PortNumber(probe.Port) : null),
            workload.ManagementPort }
            .OfType<int>().Where(port => port is > 0 and <= 65535).Select(port => (port, path))
            .Concat(pod.IsLeaving && workload.ManagementPort is { } management ? [(management, "/drain")] : []);
    }

    private async Task<AnswerFacts> AnswerAsync(PodFacts pod, int port, string path, CancellationToken cancellationToken)
    {
        var seen = await AskAsync(new($"http://{pod.Address}:{port}{path}"), AskLimit, "200", cancellationToken).ConfigureAwait(false);
        var failure = seen.ConnectError is { } error ? error == System.Net.Sockets.SocketError.ConnectionRefused
            ? "connect: connection refused" : error == System.Net.Sockets.SocketError.TimedOut ? "no answer in time (dropped)"
            : error.ToString()
            : seen.Http?.Status is null ? $"no answer in time ({seen.Http?.End})" : null;
        return new()
        {
            Port = port,
            Path = path,
            Status = seen.Http?.Status,
            Failure = failure,
            Body = seen.Http?.Body ?? string.Empty,
            Health = seen.Http is { Status: not null } http ? HealthBody.Read(http.Body) : HealthBody.Silent,
            ContractHash = seen.Http?.Headers.GetValueOrDefault(Contract.ContractHash.Header.ToLowerInvariant()),
            Time = seen.Http?.BodyTime is { Ticks: > 0 } took ? took : seen.Http?.Time ?? seen.ConnectTime,
            Via = $"of pod {pod.Name}",
        };
    }

    private async Task<TargetGroupFacts> GroupAsync(string name, IReadOnlyList<LocalTargetHealth> targets, LocalState state,
        CancellationToken cancellationToken)
    {
        var inputs = state.Plan?.Index.OfType(ResourceTypes.TargetGroup).FirstOrDefault(one => one.Name == name)?.Inputs
            ?? PlanValue.Missing;
        var check = inputs["healthCheck"];
        var port = check["port"].Text is { } text && int.TryParse(text, out var named) ? named : check["port"].Number is { } number
            ? (int)number : (int?)null;
        TimeSpan Seconds(PlanValue value, double missing) =>
            TimeSpan.FromSeconds(Math.Clamp(value.Number ?? missing, 0, 1e6) / state.Status.Speed);
        var group = new TargetGroupFacts
        {
            Name = name,
            Source = "candor status",
            Workload = state.Status.Pods.FirstOrDefault(pod => targets.Any(target => target.Pod == pod.Name))?.Workload,
            Protocol = inputs["protocol"].Text ?? "HTTP",
            ProtocolVersion = inputs["protocolVersion"].Text ?? "HTTP1",
            CheckProtocol = check["protocol"].Text ?? "HTTP",
            CheckPort = port,
            CheckPath = check["path"].Text ?? "/",
            Codes = check["matcher"].Text ?? "200",
            Interval = Seconds(check["interval"], 30),
            Timeout = Seconds(check["timeout"], 5),
            HealthyThreshold = PodReader.Whole(check["healthyThreshold"], 5),
            UnhealthyThreshold = PodReader.Whole(check["unhealthyThreshold"], 2),
            DeregistrationDelay = Seconds(inputs["deregistrationDelay"], 300),
            MinimumHealthy = PodReader.Whole(inputs["targetGroupHealth"]["unhealthyStateRouting"]["minimumHealthyTargetsCount"], 1),
            Count = targets.Count,
        };
        var codes = UrlCauses.Codes(group.Codes) is null ? "200" : group.Codes;
        return group with
        {
            Targets = await Task.WhenAll(targets.Select(async target =>
            {
                var pod = state.Status.Pods.FirstOrDefault(one => one.Name == target.Pod);
                var endpoint = IPEndPoint.TryParse(target.Endpoint, out var parsed) ? parsed : null;
                var facts = new TargetFacts(target.Pod, endpoint?.Port ?? 0, target.State.ToString().ToLowerInvariant(), Code(target),
                    target.Reason);
                // A pod that is well need not be asked; one behind a closed flow answers us, and that tells the flow from the app.
                return target.State is TargetState.Healthy or TargetState.Draining || pod is null || !group.CheckPath.StartsWith('/')
                    ? facts : facts with
                    {
                        Asked = await AskAsync(new($"http://{pod.Address}:{group.PortOf(facts)}{group.CheckPath}"), AskLimit, codes,
                        cancellationToken).ConfigureAwait(false),
                    };
            })).ConfigureAwait(false),
        };
    }

    private static string Code(LocalTargetHealth target) => target.State switch
    {
        TargetState.Healthy or TargetState.Draining => string.Empty,
        TargetState.Initial when target.Reason is "not checked yet" => "Elb.RegistrationInProgress",
        TargetState.Initial when target.Reason is "answered 200" => "Elb.InitialHealthChecking",
        _ when target.Reason.StartsWith("answered ", StringComparison.Ordinal) => "Target.ResponseCodeMismatch",
        _ when target.Reason.Contains("within the timeout", StringComparison.Ordinal) => "Target.Timeout",
        _ => "Target.FailedHealthChecks",
    };

    private Task<UrlFacts> AskAsync(Uri url, TimeSpan timeout, string codes, CancellationToken cancellationToken) =>
        new UrlProbe(time)
            .AskAsync(new()
            {
                Url = url,
                Timeout = timeout,
                Codes = codes,
                IsHealthyCode = UrlCauses.Codes(codes)!,
                At = time.GetUtcNow()
            }, cancellationToken);

    private static List<PlanValue> Objects(Plan? plan, string type) => plan is null ? []
        : [.. plan.Index.OfType(type).Select(resource => resource.Inputs)];

    private static SliceFacts Slice(PlanValue service, List<WorkloadFacts> workloads)
    {
        var pods = workloads.Where(workload => LabelSelector.MatchesService(service["spec"]["selector"], workload.PodLabels))
            .SelectMany(workload => workload.Pods).ToList();
        return new(service["metadata"]["name"].Text ?? string.Empty, pods.Count > 0, true, pods.Count(pod => pod.IsReady), pods.Count);
    }

    // How the supervisor writes a flow, and in brackets what closes it.
    [GeneratedRegex(@"(\S+) to (\S+), port (\d+)(?: \(([^)]*)\))?")]
    private static partial Regex NeededFlow();
}
