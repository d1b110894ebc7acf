using System.Globalization;
using System.Text.Json;
using Candor.Doctor.Commands;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>Reads a namespace: every object at once, then the logs and the answers of a sample of its pods.</summary>
internal sealed class ClusterCollector(Kubectl kubectl, Expectations expected, string? service, TimeProvider time)
{
    private const int EachGroup = 3;
    private const int EachWorkload = 12;
    private const int MaximumLogs = 16;
    private const int MaximumPods = 24;

    // A kubelet says at least every five minutes that its node lives; a cluster that says nothing for longer is a recording, or its clock
    // is wrong.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> _missing = [];

    /// <summary>What could not be read, a sentence each, by kind.</summary>
    internal List<(string Kind, string Why)> Problems { get; } = [];

    /// <summary>What was read, with counts.</summary>
    internal List<string> Looked { get; } = [];

    /// <summary>Reads everything, or nothing when the cluster cannot be asked at all.</summary>
    internal async Task<ClusterFacts?> CollectAsync(CancellationToken cancellationToken)
    {
        var reader = new PodReader();
        var pods = new List<PodFacts>();
        var events = new EventTable();
        var slices = new List<SliceFacts>();
        var nodes = new List<NodeFacts>();
        var objects = new Dictionary<string, List<PlanValue>>(StringComparer.Ordinal);
        var context = kubectl.ContextAsync(cancellationToken);
        var reads = new List<Task<(string Kind, string? Why)>>
        {
            ReadAsync("pods", true, pod => pods.Add(reader.Read(pod))),
            ReadAsync("events", true, events.Add),
            ReadAsync("endpointslices", true, slice => slices.Add(Slice(slice))),
            ReadAsync("nodes", false, node => nodes.Add(Node(node))),
        };
        foreach (var kind in new[] { "deployments", "statefulsets", "daemonsets", "replicasets", "services", "networkpolicies",
            "targetgroupbindings", "pdb", "hpa", "configmaps" })
        {
            var list = objects[kind] = [];
            reads.Add(ReadAsync(kind, true, value => list.Add(Kept(kind, value))));
        }

        foreach (var (kind, why) in await Task.WhenAll(reads).ConfigureAwait(false))
        {
            if (why is not null)
            {
                Problems.Add((kind, why));
                _missing.Add(kind);
            }
        }

        // Everything refused in the same way is one problem, not fourteen.
        if (Problems.Count == reads.Count)
        {
            var right = Kubectl.IsRefusal(Problems[0].Why) ? await kubectl.RightAsync("list", "pods", null, cancellationToken)
                .ConfigureAwait(false) : null;
            if (right is not null)
            {
                Problems.Clear();
                Problems.Add(("pods", $"`kubectl get`: {right}, and so are all others of docs/doctor.md"));
            }

            return null;
        }

        var rights = Problems.Select(async problem => !Kubectl.IsRefusal(problem.Why) ? problem
            : (problem.Kind, await kubectl.RightAsync("list", Resource(problem.Kind), null, cancellationToken).ConfigureAwait(false)
                ?? problem.Why)).ToList();
        Problems.Clear();
        Problems.AddRange(await Task.WhenAll(rights).ConfigureAwait(false));

        var workloads = Workloads(objects, pods);
        foreach (var workload in workloads)
        {
            workload.Groups = [.. Groups(workload)];
        }

        var facts = new ClusterFacts
        {
            Namespace = kubectl.Namespace,
            Context = await context.ConfigureAwait(false),
            ContextOption = kubectl.Context,
            Now = Now(nodes, events, pods, out var exact),
            IsClockExact = exact,
            Expected = expected,
            Workloads = workloads,
            Services = objects["services"],
            Slices = slices,
            Policies = objects["networkpolicies"],
            Bindings = objects["targetgroupbindings"],
            Budgets = objects["pdb"],
            Autoscalers = objects["hpa"],
            Nodes = nodes,
            Events = events,
            Missing = _missing,
        };
        var sample = Sample(workloads).ToList();
        var logs = LogsAsync(sample, cancellationToken);
        var answers = AnswersAsync(sample, cancellationToken);
        facts = facts with { Logs = await logs.ConfigureAwait(false), Answers = await answers.ConfigureAwait(false) };
        Looked.Add(string.Create(CultureInfo.InvariantCulture,
            $"cluster{(facts.Context.Length > 0 ? $" {facts.Context}" : string.Empty)}, namespace {facts.Namespace}: {pods.Count} pods "
                + $"of {workloads.Count} workloads ({sample.Count} looked at closely, {facts.Answers.Count} asked), {nodes.Count} nodes"));
        return facts;

        async Task<(string Kind, string? Why)> ReadAsync(string kind, bool namespaced, Action<PlanValue> take) =>
            (kind, await kubectl.ListAsync(kind, namespaced, take, cancellationToken).ConfigureAwait(false));
    }

    // Roles name resources whole.
    private static string Resource(string kind) => kind switch
    {
        "pdb" => "poddisruptionbudgets",
        "hpa" => "horizontalpodautoscalers",
        _ => kind,
    };

    // Only the parts that are looked at: a list of ConfigMaps may hold anything.
    private static PlanValue Kept(string kind, PlanValue value) =>
        kind != "configmaps" ? PlanValue.Parse(ItemReader.Readable(value).ToString())
        : PlanValue.From(new System.Text.Json.Nodes.JsonObject
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = value["metadata"]["name"].Text },
            ["data"] = new System.Text.Json.Nodes.JsonObject
            {
                [Planning.Workloads.ContractVariable] =
                value["data"][Planning.Workloads.ContractVariable].Text
            },
        });

    private static SliceFacts Slice(PlanValue slice)
    {
        var endpoints = slice["endpoints"].Items.ToList();
        return new(
            slice["metadata"]["labels"]["kubernetes.io/service-name"].Text ?? string.Empty,
            endpoints.Count > 0,
            slice["ports"].Items.Any(),
            endpoints.Count(endpoint => endpoint["conditions"]["ready"].Boolean != false),
            endpoints.Count);
    }

    private static NodeFacts Node(PlanValue node)
    {
        var ready = PodReader.Conditions(node["status"]["conditions"]).FirstOrDefault(condition => condition.Type == "Ready");
        return new(
            node["metadata"]["name"].Text ?? string.Empty,
            node["status"]["allocatable"]["cpu"].Text,
            node["status"]["allocatable"]["memory"].Text,
            ready?.Status == "True",
            ready?.Reason,
            ready?.Message,
            node["spec"]["unschedulable"].Boolean == true,
            node["status"]["conditions"].Items.Select(condition => PodReader.Time(condition["lastHeartbeatTime"])).Max(),
            [.. node["spec"]["taints"].Items
                .Select(taint =>
                $"{taint["key"].Text}{(taint["value"].Text is { Length: > 0 } text ? "=" + text : string.Empty)}:{taint["effect"].Text}")],
            node["metadata"]["labels"]["topology.kubernetes.io/zone"].Text);
    }

    private DateTimeOffset Now(List<NodeFacts> nodes, EventTable events, List<PodFacts> pods, out bool exact)
    {
        var clock = time.GetUtcNow();
        var heartbeat = nodes.Select(node => node.Heartbeat).Max();
        exact = heartbeat is null || clock - heartbeat < Heartbeat;
        if (exact)
        {
            return clock;
        }

        var newest = pods.SelectMany(pod => pod.Conditions.Select(condition => condition.Since)
                .Concat(pod.Containers.SelectMany(container => new[] { container.State.StartedAt, container.State.FinishedAt,
                    container.Last.FinishedAt })))
            .Append(heartbeat).Append(events.Newest).Max();
        var now = newest ?? clock;
        Looked.Add(string
            .Create(CultureInfo.InvariantCulture,
            $"the newest thing that the cluster tells is of {now:yyyy-MM-dd HH:mm:ss'Z'}: ages are counted from there"));
        return now;
    }

    private static List<WorkloadFacts> Workloads(Dictionary<string, List<PlanValue>> objects, List<PodFacts> pods)
    {
        var contracts = objects["configmaps"].Where(map => map["metadata"]["name"].Text is not null)
            .GroupBy(map => map["metadata"]["name"].Text!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First()["data"][Planning.Workloads.ContractVariable].Text,
                StringComparer.Ordinal);
        var owners = objects["replicasets"].Where(set => set["metadata"]["name"].Text is not null)
            .GroupBy(set => set["metadata"]["name"].Text!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First()["metadata"]["ownerReferences"].Items.FirstOrDefault()["name"].Text,
                StringComparer.Ordinal);
        var byOwner = pods.GroupBy(pod => Owner(pod, owners))
            .ToDictionary(group => group.Key, group => (IReadOnlyList<PodFacts>)[.. group]);
        var workloads = new List<WorkloadFacts>();
        foreach (var (kind, list) in new[] { ("Deployment", objects["deployments"]), ("StatefulSet", objects["statefulsets"]),
            ("DaemonSet", objects["daemonsets"]) })
        {
            foreach (var value in list.Where(value => value["metadata"]["name"].Text is not null))
            {
                var name = value["metadata"]["name"].Text!;
                var sets = kind == "Deployment" ? objects["replicasets"]
                    .Where(set => set["metadata"]["ownerReferences"].Items.FirstOrDefault()["name"].Text == name).ToList() : [];
                workloads.Add(Of(kind, name, value, sets, contracts) with { Pods = byOwner.GetValueOrDefault((kind, name)) ?? [] });
                byOwner.Remove((kind, name));
            }
        }

        // Pods whose owner could not be read; those of Jobs come and go and are probed by nobody.
        workloads.AddRange(byOwner.Where(owner => owner.Key.Kind is not "Job").Select(owner => new WorkloadFacts
        {
            Kind = owner.Key.Kind,
            Name = owner.Key.Name,
            Pods = owner.Value,
            Main = owner.Value[0].Main?.Spec ?? new(),
            PodLabels = PlanValue.Parse(JsonSerializer.Serialize(owner.Value[0].Labels)),
            IsService = owner.Value[0].Main?.Spec.Environment.ContainsKey(Planning.Workloads.ContractVariable) == true,
        }));
        return workloads;
    }

    private static (string Kind, string Name) Owner(PodFacts pod, Dictionary<string, string?> owners) => pod.OwnerKind switch
    {
        "ReplicaSet" when owners.GetValueOrDefault(pod.OwnerName) is { } deployment => ("Deployment", deployment),
        // Without the right to read ReplicaSets, the name tells: a Deployment's ends in the hash of its template.
        "ReplicaSet" when pod.Labels.GetValueOrDefault("pod-template-hash") is { } hash
            && pod.OwnerName.EndsWith("-" + hash, StringComparison.Ordinal) => ("Deployment", pod.OwnerName[..^(hash.Length + 1)]),
        "" => ("Pod", pod.Name),
        var kind => (kind, pod.OwnerName),
    };

    /// <summary>A workload as its object says it, without pods.</summary>
    internal static WorkloadFacts Of(string kind, string name, PlanValue value, List<PlanValue> sets, Dictionary<string, string?> contracts)
    {
        var template = value["spec"]["template"];
        var containers = template["spec"]["containers"].Items.Select(PodReader.Spec).ToList();
        var main = containers.Find(container => container.Readiness is not null || container.Startup is not null)
            ?? containers.FirstOrDefault() ?? new();
        var (text, source) = ContractOf(template, contracts);
        return new()
        {
            Kind = kind,
            Name = name,
            Object = value,
            Replicas = kind == "DaemonSet" ? value["status"]["desiredNumberScheduled"].Number is { } wanted ? (int)wanted : null
                : PodReader.Whole(value["spec"]["replicas"], 1),
            Conditions = [.. PodReader.Conditions(value["status"]["conditions"])],
            PodLabels = template["metadata"]["labels"],
            Main = main,
            ReplicaSets = sets,
            ContractText = text,
            ContractSource = source,
            Contract = Parsed(text),
            IsService = main.Environment.ContainsKey(Planning.Workloads.ContractVariable)
                || template["metadata"]["labels"]["candor.dev/tier"].Text == "service"
                || (kind == "Deployment" && template["metadata"]["labels"]["candor.dev/tier"].Text is null),
        };
    }

    private static (string? Text, string Source) ContractOf(PlanValue template, Dictionary<string, string?> contracts)
    {
        foreach (var entry in template["spec"]["containers"].Items.SelectMany(container => container["env"].Items)
            .Where(entry => entry["name"].Text == Planning.Workloads.ContractVariable))
        {
            if (entry["value"].Text is { } literal)
            {
                return (literal, $"env {Planning.Workloads.ContractVariable}");
            }

            if (entry["valueFrom"]["configMapKeyRef"]["name"].Text is { } map)
            {
                return (contracts.GetValueOrDefault(map), $"ConfigMap {map}");
            }
        }

        return (null, string.Empty);
    }

    private static PlanValue Parsed(string? text)
    {
        try
        {
            return text is null ? PlanValue.Missing : ItemReader.Readable(PlanValue.Parse(text));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return PlanValue.Missing;
        }
    }

    private static IEnumerable<PodGroup> Groups(WorkloadFacts workload)
    {
        var left = EachWorkload;
        var small = workload.Pods.Count <= EachWorkload;
        foreach (var group in workload.Pods.GroupBy(pod => pod.Signature).Select(group => group.ToList()).OrderBy(group => group[0].IsReady)
            .ThenBy(group => group.Count))
        {
            var count = Math.Min(small ? group.Count : Math.Min(group.Count, EachGroup), Math.Max(left, 1));
            left -= count;
            yield return new(group, group[..count]);
        }
    }

    // What fails first, then what users ask, then the rest.
    private static IEnumerable<(WorkloadFacts Workload, PodFacts Pod)> Sample(List<WorkloadFacts> workloads) => workloads

        .SelectMany(workload => workload.Groups.SelectMany(group => group.Sample.Select(pod => (workload, pod))))
        .OrderBy(pair => pair.pod.IsReady).ThenByDescending(pair => pair.workload.IsService);

    private async Task<IReadOnlyDictionary<string,
    LogFacts>> LogsAsync(List<(WorkloadFacts Workload, PodFacts Pod)> sample, CancellationToken cancellationToken)
    {
        var wanted = sample.Where(pair => (service is null || pair.Workload.Name == service || !pair.Workload.IsService)
            && pair.Pod.Containers.Any(container => container.State.Kind is "running" or "terminated" || container.Restarts > 0))
            .Take(MaximumLogs).ToList();
        var logs = await Task.WhenAll(wanted.Select(async pair =>
        {
            var current = await kubectl.LogAsync(pair.Pod, previous: false, cancellationToken).ConfigureAwait(false);
            var previous = pair.Pod.Main?.Restarts > 0 ? await kubectl.LogAsync(pair.Pod, previous: true, cancellationToken)
                .ConfigureAwait(false) : ([], null);
            return (pair.Pod.Name, Log: new LogFacts(current.Lines, previous.Lines), current.Why);
        })).ConfigureAwait(false);
        if (logs.Length > 0 && logs.All(log => log.Why is not null))
        {
            var right = Kubectl.IsRefusal(logs[0].Why) ? await kubectl.RightAsync("get", "pods", "log", cancellationToken)
                .ConfigureAwait(false) : null;
            Problems.Add(("logs", right ?? logs[0].Why!));
            _missing.Add("logs");
        }

        return logs.ToDictionary(log => log.Name, log => log.Log, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<string,
    IReadOnlyList<AnswerFacts>>> AnswersAsync(List<(WorkloadFacts Workload, PodFacts Pod)> sample, CancellationToken cancellationToken)
    {
        var questions = sample
            .Where(pair => pair.Workload.IsService && (service is null || pair.Workload.Name == service) && pair.Pod.Address is not null
                && pair.Pod.Containers.Any(container => container.State.Kind is "running"))
            .Take(MaximumPods)
            .SelectMany(Questions)
            .ToList();
        await using var answers = new AppAnswers(kubectl, time);
        var (found, why) = await answers.AskAsync(questions, cancellationToken).ConfigureAwait(false);
        if (why is not null)
        {
            Problems.Add(("answers", why));
            _missing.Add("answers");
        }

        return found;
    }

    private static IEnumerable<(PodFacts Pod, int Port, string Path)> Questions((WorkloadFacts Workload, PodFacts Pod) pair)
    {
        var (workload, pod) = pair;
        var asked = new HashSet<(int, string)>();
        var spec = pod.Main?.Spec ?? workload.Main;
        var readiness = spec.Readiness is { Handler: "httpGet", Scheme: "HTTP" } probe ? probe : null;
        var path = workload.Path("readiness") ?? readiness?.Path;
        var port = workload.Port ?? (readiness is null ? null : spec.PortNumber(readiness.Port));
        var management = workload.ManagementPort ?? spec.Ports.Where(declared => declared.Name == "management")
            .Select(declared => (int?)declared.Number).FirstOrDefault();
        if (path is not null && port is { } public_)
        {
            asked.Add((public_, path));
        }

        if (path is not null && management is { } private_)
        {
            asked.Add((private_, path));
            if (pod.IsLeaving)
            {
                asked.Add((private_, "/drain"));
            }
        }

        // What the kubelet asks, where that is something else.
        if (readiness is not null && spec.PortNumber(readiness.Port) is { } probed and > 0)
        {
            asked.Add((probed, readiness.Path));
        }

        return asked.Where(question => question.Item1 is > 0 and <= 65535 && question.Item2.StartsWith('/'))
            .Select(question => (pod, question.Item1, question.Item2));
    }
}
