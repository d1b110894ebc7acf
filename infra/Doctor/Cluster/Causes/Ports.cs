using System.Globalization;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>The server listens on the pod's loopback address only.</summary>
internal sealed class LoopbackOnly : PodCause
{
    internal override string Id => "bound-to-loopback";

    internal override IReadOnlyList<string> Needs => ["logs", "answers"];

    internal override Match? Match(PodView view)
    {
        if (!view.IsRunning && view.Main?.Restarts is not > 0)
        {
            return null;
        }

        var refused = view.AllRefused || (view.Answers.Count == 0 && Probes.IsRefused(view));
        if (!refused || Process(view))
        {
            return null;
        }

        var setting = view.Spec.Bindings.FirstOrDefault(pair => IsLoopback(pair.Value));
        var line = view.Log.Current.Concat(view.Log.Previous).LastOrDefault(one => one.Listening is { } address && IsLoopback(address));
        if (setting.Key is null && line is null)
        {
            return null;
        }

        var by = setting.Key is null ? $"its log says {SafeText.Short(line!.Message, 80)}" : $"{setting.Key}={setting.Value} binds loopback only";
        return new(Finding(
            view, PathStep.Listener,
            $"{{who}} run{{s}}, but {{its}} ports cannot be reached: {by}, so kubelet and balancer are refused.",
            setting.Key == "CANDOR_BIND" ? "Unset CANDOR_BIND: the default binds every address." : $"Bind every address: {(setting.Key is null ? "http://+:PORT or 0.0.0.0" : setting.Key + " with 0.0.0.0 or +")} instead of loopback.",
            setting.Key is null ? null : new Evidence($"{setting.Key}={setting.Value}", view.Field("env")),
            line is null ? null : new Evidence(line.Message, $"kubectl logs {view.Pod.Name}", line.At),
            Probes.Refusal(view)) with
        {
            Fault = "F106",
            Commands = setting.Key is { } name ? [$"kubectl set env {view.Workload.Kind.ToLowerInvariant()}/{view.Workload.Name} {name}- -n {view.Cluster.Namespace}"] : [],
        });
    }

    // The process was killed meanwhile, so that its refusal tells nothing.
    private static bool Process(PodView view) => view.Events.Any(one => one.Reason == "Killing" && one.Message.Contains("liveness", StringComparison.Ordinal) && view.Age(one.Last) < TimeSpan.FromMinutes(1)) && view.Pod.IsReady;

    internal static bool IsLoopback(string address) =>
        address.Contains("127.0.0.", StringComparison.Ordinal) || address.Contains("localhost", StringComparison.OrdinalIgnoreCase) || address.Contains("[::1]", StringComparison.Ordinal) || address is "::1";
}

/// <summary>A probe asks a port that is not the app's.</summary>
internal sealed class ProbePort : PodCause
{
    internal override string Id => "probe-wrong-port";

    internal override Match? Match(PodView view)
    {
        foreach (var probe in Probes.Failing(view).Where(probe => probe.Handler is "httpGet" or "tcpSocket"))
        {
            var number = view.Spec.PortNumber(probe.Port);
            var served = Served(view, probe);
            var declared = string.Join(", ", view.Spec.Ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Number}{(port.Name.Length > 0 ? $" {port.Name}" : string.Empty)}")));
            if (number is null)
            {
                return new(Finding(
                    view, PathStep.Port,
                    $"The {probe.Kind} probe of {{who}} asks a port by the name \"{probe.Port}\", which the container does not declare ({declared}).",
                    "Correct the name, or declare the port.",
                    new Evidence($"port {probe.Port}", view.Field($"{probe.Kind}Probe"))) with
                { Fault = "F101" });
            }

            // The kubelet's own word counts first; without it, a port that answers anything at all is listened on.
            var told = view.Failures(probe).ToList();
            var refused = told.Exists(one => one.Message.Contains("refused", StringComparison.Ordinal))
                || (told.Count == 0 && !view.Answers.Any(answer => answer.Port == number && answer.Status is not null) && view.Answers.Any(answer => answer.Port == number && answer.IsRefused));
            if (refused && served is { } right && right.Port != number)
            {
                return new(Finding(
                    view, PathStep.Port,
                    $"The {probe.Kind} probe of {{who}} asks port {number}, and the app serves {right.Port} ({right.Why}).",
                    $"Take the port from the contract: {probe.Kind}Probe port {right.Name}.",
                    new Evidence($"port {probe.Port}", view.Field($"{probe.Kind}Probe")),
                    new Evidence($"ports {declared}", view.Field("ports")),
                    view.Workload.Port is { } agreed ? new Evidence(string.Create(CultureInfo.InvariantCulture, $"port {agreed}"), $"contract in {view.Workload.ContractSource}") : null,
                    right.Seen,
                    Probes.Event(view, probe)) with
                {
                    Fault = "F101",
                    Commands = [string.Create(CultureInfo.InvariantCulture, $"-   {probe.Kind}Probe: port {probe.Port}"), $"+   {probe.Kind}Probe: port {right.Name}"],
                });
            }
        }

        return null;
    }

    private sealed record Right(int Port, string Name, string Why, Evidence? Seen);

    /// <summary>The port on which the app is known to serve: it answered there, another probe passes there, or its log says so.</summary>
    private static Right? Served(PodView view, ProbeFacts failing)
    {
        string Named(int port) => view.Spec.Ports.FirstOrDefault(declared => declared.Number == port) is { Name.Length: > 0 } declared ? declared.Name : port.ToString(CultureInfo.InvariantCulture);
        var failingPort = view.Spec.PortNumber(failing.Port);
        if (view.Answers.Where(answer => answer.IsOfApp && answer.Port != failingPort).OrderBy(answer => answer.Port == view.Workload.ManagementPort).FirstOrDefault() is { } answer)
        {
            return new(answer.Port, Named(answer.Port), $"the same app answers {answer.Status} there", new Evidence(string.Create(CultureInfo.InvariantCulture, $"{answer.Path} answers {answer.Status} on {answer.Port}"), answer.Source));
        }

        if (failing.Kind != "startup" && view.Main is { Started: true, Startup: { } startup } && view.Spec.PortNumber(startup.Port) is { } passed && passed != failingPort)
        {
            return new(passed, Named(passed), "the start-up probe passed there", new Evidence($"started: true, start-up probe on {startup.Port}", $"pod {view.Pod.Name}, containerStatuses"));
        }

        var line = view.Log.Current.LastOrDefault(one => one.Listening is { } address && !LoopbackOnly.IsLoopback(address) && Number(address) is { } logged && logged != failingPort && logged != view.Workload.ManagementPort);
        return line is not null && Number(line.Listening!) is { } port ? new(port, Named(port), "its log says so", new Evidence(line.Message, $"kubectl logs {view.Pod.Name}", line.At)) : null;
    }

    private static int? Number(string address) =>
        int.TryParse(address[(address.LastIndexOf(':') + 1)..].TrimEnd('/', '.'), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}

/// <summary>The process stands still: it accepts connections and answers nothing, on any port and path.</summary>
internal sealed class Frozen : PodCause
{
    internal override string Id => "process-stands-still";

    internal override IReadOnlyList<string> Needs => ["events", "answers"];

    internal override Match? Match(PodView view)
    {
        if (view.Main is not { Liveness: { } liveness, Started: true } || view.Failures(liveness).FirstOrDefault(IsTimeout) is not { } late)
        {
            return null;
        }

        // An app that answers us now is busy rather than standing still.
        var answered = view.Answers.Any(answer => answer.IsOfApp && answer.Time < liveness.Timeout);
        if (answered)
        {
            return null;
        }

        var kill = view.Events.LastOrDefault(one => one.Reason == "Killing" && one.Message.Contains("liveness", StringComparison.Ordinal));
        var others = view.Workload.Pods.Count(pod => pod.IsReady && pod.Name != view.Pod.Name);
        return new(Finding(
            view, PathStep.Answer,
            $"{{who}} accept{{s}} connections and answer{{s}} nothing, liveness included: the process stands still{(kill is null ? string.Empty : ", and the kubelet is restarting it")}.",
            "Look at the node: CPU limits and pressure, a frozen machine, a debugger; then at what the process waits for (a dump). " + string.Create(CultureInfo.InvariantCulture, $"{others} other pod{(others == 1 ? string.Empty : "s")} of {view.Workload.Name} {(others == 1 ? "is" : "are")} ready."),
            new Evidence(string.Create(CultureInfo.InvariantCulture, $"{late.Count} times: {late.Message}"), $"event Unhealthy of pod {view.Pod.Name}", late.Last),
            view.Answers.Count > 0 ? new Evidence(string.Join("; ", view.Answers.Select(answer => string.Create(CultureInfo.InvariantCulture, $":{answer.Port} {answer.Failure ?? answer.Status?.ToString(CultureInfo.InvariantCulture)}"))), "kubectl proxy") : null,
            kill is null ? null : new Evidence(kill.Message, $"event Killing of pod {view.Pod.Name}", kill.Last)) with
        { Fault = "F215", Confidence = view.Answers.Count > 0 ? Confidence.Certain : Confidence.Likely });
    }

    internal static bool IsTimeout(EventFacts one) =>
        one.Message.Contains("deadline exceeded", StringComparison.Ordinal) || one.Message.Contains("Client.Timeout", StringComparison.Ordinal) || one.Message.Contains("i/o timeout", StringComparison.Ordinal) || one.Message.Contains("timeout:", StringComparison.Ordinal);
}

/// <summary>The process runs and listens on nothing that is asked.</summary>
internal sealed class NothingListens : PodCause
{
    internal override string Id => "nothing-listens";

    internal override Match? Match(PodView view)
    {
        if (view.FailingProbe is not { } probe || !view.IsRunning || !(view.AllRefused || (view.Answers.Count == 0 && Probes.IsRefused(view))))
        {
            return null;
        }

        // A process that was started a moment ago is about to listen.
        var age = view.Age(view.Main!.State.StartedAt);
        var young = view.Main.Restarts == 0 && age < (probe.Kind == "startup" ? probe.Allowance / 2 : TimeSpan.FromSeconds(30));
        return new(Finding(
            view, PathStep.Listener,
            young ? $"{{who}} started {PodView.Text(age)} ago and {{does}} not listen yet." : $"{{who}} run{{s}}, and nothing listens on port {view.Number(probe)}: the {probe.Kind} probe is refused since {PodView.Text(age)}.",
            young ? $"Wait: the {probe.Kind} probe allows {PodView.Text(probe.Allowance)}." : "Read the log: the process waits for something before it listens, or listens elsewhere.",
            Probes.Refusal(view),
            Crash.LastWords(view) is { Line: { } line } words ? new Evidence(line, words.Source) : null) with
        {
            Severity = young ? Severity.Note : Severity.Fault,
            Fault = young ? "F108" : null,
            Confidence = Confidence.Likely,
            Commands = young ? [] : [view.Kubectl($"logs {view.Pod.Name}")],
        });
    }
}
