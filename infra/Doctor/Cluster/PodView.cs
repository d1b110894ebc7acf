using System.Globalization;
using System.Text.RegularExpressions;
using Candor.Doctor.Model;
using Candor.Doctor.Url;

namespace Candor.Doctor.Cluster;

/// <summary>One pod with everything that is known around it; what a cause of a pod looks at.</summary>
internal sealed partial class PodView(ClusterFacts cluster, WorkloadFacts workload, PodFacts pod)
{
    // Until the kubelet has probed often enough to know; also how long an event of a probe tells something of now.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(2);

    internal ClusterFacts Cluster => cluster;

    internal WorkloadFacts Workload => workload;

    internal PodFacts Pod => pod;

    internal ContainerFacts? Main => pod.Main;

    internal ContainerSpec Spec => pod.Main?.Spec ?? workload.Main;

    internal IReadOnlyList<EventFacts> Events => cluster.Events.Of("Pod", pod.Name);

    internal IReadOnlyList<AnswerFacts> Answers => cluster.Answers.GetValueOrDefault(pod.Name) ?? [];

    internal LogFacts Log => cluster.Logs.GetValueOrDefault(pod.Name) ?? new([], []);

    /// <summary>The app's own answer, the fullest that came: the management port's tells details.</summary>
    internal AnswerFacts? Health => Answers.Where(answer => answer.Status is not null && answer.Health.Status is not null)
        .OrderByDescending(answer => answer.Port == workload.ManagementPort).FirstOrDefault() ?? Logged;

    /// <summary>What the app wrote of itself last, for a pod that is not ready and could not be asked.</summary>
    private AnswerFacts? Logged
    {
        get
        {
            var found = pod.IsReady || AllRefused || !IsRunning ? null : Log.Current.Select(line => Transition().Match(line.Message))
                .LastOrDefault(match => match.Success);
            if (found is null)
            {
                return null;
            }

            var state = found.Groups[1].Value;
            var parts = found.Groups[2].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split(' ', 2))
                    .Select(words => new FailingPart(words[0].TrimEnd(':'), "unhealthy", words.Length > 1 ? words[1] : null, null))
                    .ToList();
            return new()
            {
                Port = 0,
                Path = string.Empty,
                Status = state is "ready" or "degraded" ? 200 : 503,
                Health = new(state, state == "ready", parts is [var first, ..] ? first.Reason : null, parts, []),
                Via = $"kubectl logs {pod.Name}, last transition",
            };
        }
    }

    /// <summary>The app's answer on the port that users ask.</summary>
    internal AnswerFacts? Public =>
        Answers.FirstOrDefault(answer => answer.Port == (workload.Port ?? Spec.PortNumber(Spec.Readiness?.Port ?? string.Empty))
        && answer.Path == (workload.Path("readiness") ?? Spec.Readiness?.Path));

    internal bool IsRunning => Main?.State.Kind == "running";

    internal bool AllRefused => Answers.Count > 0 && Answers.All(answer => answer.IsRefused);

    internal TimeSpan Age(DateTimeOffset? at) => at is { } then && cluster.Now > then ? cluster.Now - then : TimeSpan.Zero;

    /// <summary>Failures of a kind of probe that tell of now: of this start of the container, and not long ago.</summary>
    internal IEnumerable<EventFacts> Failures(ProbeFacts probe)
    {
        var word = char.ToUpperInvariant(probe.Kind[0]) + probe.Kind[1..] + " probe";
        // A container that waits to be started again after a failed probe says nothing new for up to five minutes.
        var window = Recent + (probe.Period * 2) + (IsRunning ? TimeSpan.Zero : TimeSpan.FromMinutes(5));
        bool OfThisStart(EventFacts one) => one.Last >= Main?.State.StartedAt || !IsRunning
            || (probe.Kind != "readiness" && Main?.Restarts > 0);
        return Events.Where(one => one.Reason is "Unhealthy" or "ProbeWarning" && one.Message.StartsWith(word, StringComparison.Ordinal)
            && (one.Last is null || (OfThisStart(one) && Age(one.Last) <= window)));
    }

    /// <summary>The probe that keeps the pod from being ready now, or null.</summary>
    internal ProbeFacts? FailingProbe => Main switch
    {
        null => null,
        { Startup: { } startup, Started: false } => startup,
        { Readiness: { } readiness, Ready: false } => readiness,
        _ => null,
    };

    /// <summary>The probe's address as the kubelet asks it.</summary>
    internal string Asked(ProbeFacts probe) => probe.Handler == "httpGet" ? $":{Number(probe)}{probe.Path}" : $":{Number(probe)}";

    internal string Number(ProbeFacts probe) => Spec.PortNumber(probe.Port)?.ToString(CultureInfo.InvariantCulture) ?? probe.Port;

    internal string Field(string field) => $"{workload.Title}, container {Main?.Name ?? "?"}, {field}";

    internal static string Text(TimeSpan time) => time.TotalSeconds <= 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : time.TotalMinutes < 90 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h");

    /// <summary>The time a contract gives a number of its own, or null.</summary>
    internal TimeSpan? ContractTime(params ReadOnlySpan<string> path)
    {
        var value = workload.Contract;
        foreach (var name in path)
        {
            value = value[name];
        }

        return Contract.DurationText.TryParse(value.Text, out var time) ? time : null;
    }

    [GeneratedRegex(@"^health: .+? -> (ready|degraded|not ready|not-ready|starting|draining)(?:: (.*))?$")]
    private static partial Regex Transition();

    internal string Kubectl(string command) =>
        $"kubectl {command} -n {cluster.Namespace}{(cluster.ContextOption is { } option ? $" --context {option}" : string.Empty)}";
}

/// <summary>What one pod's state amounts to; pods with the same key are told in one sentence.</summary>
/// <param name="Finding">With <c>{who}</c> for the pods, and <c>{is}</c>, <c>{has}</c>, <c>{s}</c> for their number.</param>
/// <param name="Dependency">The name of the dependency that it is about, or null.</param>
internal sealed record Match(Finding Finding, string? Dependency = null)
{
    /// <summary>Who shows it.</summary>
    internal Origin Origin { get; init; }
}

/// <summary>Who shows a finding: what follows from what depends on it.</summary>
internal enum Origin
{
    /// <summary>A pod.</summary>
    Pod,

    /// <summary>A workload, or an object around it.</summary>
    Object,

    /// <summary>A balancer's target.</summary>
    Target,

    /// <summary>What stands between balancer and pods.</summary>
    Network,
}

/// <summary>A cause that one pod shows. Tried in the order of the catalogue; the first that holds explains the pod.</summary>
internal abstract class PodCause
{
    internal abstract string Id { get; }

    /// <summary>What it is called where it could not be looked for.</summary>
    internal virtual string Name => Id.Replace('-', ' ');

    /// <summary>The kinds of facts without which it concludes nothing.</summary>
    internal virtual IReadOnlyList<string> Needs => ["pods"];

    internal abstract Match? Match(PodView view);

    protected Finding Finding(PodView view, PathStep step, string title, string fix, params IReadOnlyList<Evidence?> evidence) => new()
    {
        Cause = Id,
        Subject = view.Workload.Name,
        Title = title,
        Step = step,
        Fix = fix,
        Evidence = [.. evidence.OfType<Evidence>()],
    };
}
