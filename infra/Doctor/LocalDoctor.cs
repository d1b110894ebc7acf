using System.Globalization;
using Candor.Doctor.Cluster;
using Candor.Doctor.Model;
using Candor.Doctor.Running;
using Candor.Doctor.Targets;
using Candor.Local;

namespace Candor.Doctor;

/// <summary>Why does a probe of the stack on this machine fail?</summary>
public static class LocalDoctor
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EventLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks the running local target. Reads only.</summary>
    /// <param name="client">The client of the stack.</param>
    /// <param name="service">Only this service, or null for all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async Task<Diagnosis> AskAsync(LocalClient client, string? service, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var status = await client.StatusAsync(limit.Token).ConfigureAwait(false);
            return await DiagnoseAsync(await StateAsync(client, status, cancellationToken).ConfigureAwait(false), service, time, cancellationToken).ConfigureAwait(false);
        }
        catch (LocalException exception)
        {
            return Nothing(exception.Message, time);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Nothing(string.Create(CultureInfo.InvariantCulture, $"the supervisor did not answer within {Limit.TotalSeconds:0} s"), time);
        }
    }

    internal static async Task<Diagnosis> DiagnoseAsync(LocalState state, string? service, TimeProvider time, CancellationToken cancellationToken)
    {
        var (cluster, groups, flows) = await new LocalCollector(time).CollectAsync(state, cancellationToken).ConfigureAwait(false);
        var targets = groups.SelectMany(group => TargetDoctor.Find(group, cluster)).ToList();
        // A check of a port that is not the app's is dropped by rules that are right.
        var wrong = targets.Exists(finding => finding.Cause == "target-group-port")
            ? groups.SelectMany(group => group.Targets.Select(target => group.PortOf(target).ToString(CultureInfo.InvariantCulture))).ToHashSet(StringComparer.Ordinal)
            : [];
        var asked = groups.SelectMany(group => group.Targets.SelectMany(target => new[] { group.PortOf(target), target.Port }))
            .Select(port => port.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);
        var report = ClusterDoctor.Diagnose(
            cluster,
            service,
            [
                // A flow that the balancer needs no more, since the Plan has changed, is closed without harm.
                .. flows.Where(flow => flow.From != "balancer" || (asked.Contains(flow.Port) && !wrong.Contains(flow.Port))).Select(Closed),
                .. targets.Select(finding => new Match(finding) { Origin = Origin.Target }),
                .. state.Status.Problems.Select(Problem),
            ]);
        var cause = report.Findings.FirstOrDefault(finding => finding.Severity != Severity.Note);
        return new()
        {
            Subject = $"local stack {state.Status.Stack}",
            At = cluster.Now,
            Cause = cause,
            Path = report.Path(cause),
            Others = [.. report.Findings.Where(finding => finding != cause && finding.Severity != Severity.Note)],
            Notes = [.. report.Findings.Where(finding => finding.Severity == Severity.Note)],
            Looked = [string.Create(CultureInfo.InvariantCulture, $"local stack {state.Status.Stack} at speed {state.Status.Speed}: {state.Status.Pods.Count} pods of {state.Status.Workloads.Count} workloads, {state.Status.Targets.Count} targets, {cluster.Answers.Count} pods asked")],
            Gaps = state.Plan is null ? [new("local", "the Plan that runs", "the supervisor does not report it; it is of an older build: ./candor down and up", ["wrong port, path and codes of probes"])] : [],
        };
    }

    private static Diagnosis Nothing(string why, TimeProvider time) => new()
    {
        Subject = "local stack",
        At = time.GetUtcNow(),
        Gaps = [new("local", "the stack on this machine", why, [])],
    };

    private static async Task<LocalState> StateAsync(LocalClient client, LocalStatus status, CancellationToken cancellationToken)
    {
        var events = new List<LocalEvent>();
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            // What happened so far comes at once; after that the stream only waits.
            limit.CancelAfter(EventLimit);
            try
            {
                await client.FollowAsync(new Kept(events), limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or LocalException or IOException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        var logs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var pod in status.Pods)
        {
            try
            {
                var lines = new List<string>();
                await foreach (var line in client.ReadLogAsync(pod.Name, 50, cancellationToken: cancellationToken).ConfigureAwait(false))
                {
                    lines.Add(line);
                }

                logs[pod.Name] = lines;
            }
            catch (Exception exception) when (exception is LocalException or IOException)
            {
                // It has written nothing yet.
            }
        }

        return new(status, await client.PlanAsync(cancellationToken).ConfigureAwait(false), events, logs);
    }

    private static Match Closed(ClosedFlow flow)
    {
        var policy = flow.By.StartsWith("NetworkPolicy", StringComparison.Ordinal);
        var monitoring = flow.From == "monitoring";
        return new(
            new()
            {
                Cause = "closed-flow",
                Subject = flow.From is "balancer" or "monitoring" ? flow.To : flow.From,
                Step = policy ? PathStep.NetworkPolicy : PathStep.SecurityGroup,
                Severity = monitoring ? Severity.Warning : Severity.Fault,
                Title = $"Port {flow.Port} of {flow.To} is closed to {(flow.From == "balancer" ? "the balancer" : flow.From)}: {flow.By}. Packets are dropped (filtered, not refused).",
                Fix = $"Add the rule for TCP {flow.Port} from {flow.From} to {flow.To}.",
                Fault = "F102",
                Evidence = [new(flow.By, "the rules of the Plan", flow.At)],
            },
            flow.From is "balancer" or "monitoring" ? null : flow.To)
        { Origin = Origin.Network };
    }

    private static Match Problem(string problem) => new(new()
    {
        Cause = "local-run",
        Subject = "local stack",
        Step = PathStep.Balancer,
        Title = problem,
        Fix = "Fix it on this machine; the run then continues.",
        Evidence = [new(problem, "candor status")],
    })
    { Origin = Origin.Object };

    private sealed class Kept(List<LocalEvent> events) : IProgress<LocalEvent>
    {
        public void Report(LocalEvent value) => events.Add(value);
    }
}
