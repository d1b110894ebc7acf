using System.Globalization;
using Candor.Doctor.Model;

namespace Candor.Doctor.Cluster.Causes;

/// <summary>The image cannot be had.</summary>
internal sealed class ImagePull : PodCause
{
    private static readonly string[] Reasons = ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed"];

    internal override string Id => "image-pull";

    internal override Match? Match(PodView view)
    {
        var container = view.Pod.Containers.Concat(view.Pod.InitContainers).FirstOrDefault(one => one.State.Kind == "waiting" && Reasons.Contains(one.State.Reason));
        if (container is null)
        {
            return null;
        }

        var image = container.Spec.Image;
        if (container.State.Reason == "ErrImageNeverPull")
        {
            return new(Finding(
                view, PathStep.Listener,
                $"Image {image} is not on the node of {{who}}, and imagePullPolicy {container.Spec.PullPolicy ?? "Never"} forbids pulling it.",
                "Load the image onto the node, or set imagePullPolicy: IfNotPresent and an image that a registry has.",
                new Evidence(container.State.Message ?? container.State.Reason, $"pod {view.Pod.Name}, container {container.Name}, state")) with
            { Cause = "image-never-pull" });
        }

        if (container.State.Reason == "InvalidImageName")
        {
            return new(Finding(view, PathStep.Listener, $"The image name \"{image}\" of {{who}} is not valid.", "Correct the image's name.", new Evidence(container.State.Message ?? "InvalidImageName", $"pod {view.Pod.Name}, container {container.Name}, state")));
        }

        var failed = view.Events.Where(one => one.Reason == "Failed" && one.Message.Contains("pull", StringComparison.OrdinalIgnoreCase) && one.Message.Length > 40).MaxBy(one => one.Last);
        var words = failed?.Message ?? container.State.Message ?? container.State.Reason!;
        var (kind, fix) = Kind(words);
        return new(Finding(
            view, PathStep.Listener,
            $"Image {image} of {{who}} cannot be pulled: {kind}.",
            fix,
            new Evidence(words, failed is null ? $"pod {view.Pod.Name}, container {container.Name}, state" : $"event Failed of pod {view.Pod.Name}", failed?.Last)));
    }

    private static (string Kind, string Fix) Kind(string words)
    {
        bool Has(params ReadOnlySpan<string> parts)
        {
            foreach (var part in parts)
            {
                if (words.Contains(part, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        return Has("no such host", "lookup ", "server misbehaving", "name resolution")
                ? ("the registry's name cannot be looked up from the node", "Look at DNS and the way out of the node's network (NAT, VPC endpoint for the registry).")
            : Has("unauthorized", "401", "authentication required", "no basic auth", "denied", "403", "forbidden", "insufficient_scope")
                ? ("the registry refuses (no or wrong credentials, or the repository does not exist)", "Give the pods an imagePullSecret, or the nodes' role the right to pull; look whether the repository exists.")
            : Has("not found", "manifest unknown", "404")
                ? ("the registry has no such tag or digest", "Correct the tag or digest, or push the image.")
            : Has("toomanyrequests", "429", "rate limit")
                ? ("the registry limits the rate of pulls", "Pull through a mirror, or with credentials.")
            : Has("x509", "certificate")
                ? ("the registry's certificate is not trusted by the node", "Install the issuer on the nodes.")
            : Has("no match for platform", "exec format")
                ? ("the image is not built for the node's processor", "Build the image for that platform.")
            : Has("no space left")
                ? ("the node's disk is full", "Free or enlarge the node's disk.")
            : Has("timeout", "deadline", "refused", "unreachable")
                ? ("the registry cannot be reached from the node", "Look at the way out of the node's network.")
            : ("see the registry's words", "Do what the registry's words say.");
    }
}

/// <summary>The container cannot be made from what it is told to be.</summary>
internal sealed class ContainerConfiguration : PodCause
{
    private static readonly string[] Reasons = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError", "ContainerCannotRun"];

    internal override string Id => "container-configuration";

    internal override Match? Match(PodView view)
    {
        var container = view.Pod.Containers.Concat(view.Pod.InitContainers)
            .FirstOrDefault(one => Reasons.Contains(one.State.Reason) || (one.State.Kind == "waiting" && Reasons.Contains(one.Last.Reason)));
        if (container is null)
        {
            return null;
        }

        var state = Reasons.Contains(container.State.Reason) ? container.State : container.Last;
        var message = state.Message ?? view.Events.Where(one => one.Reason == "Failed").MaxBy(one => one.Last)?.Message ?? state.Reason!;
        return new(Finding(
            view, PathStep.Listener,
            $"Container {container.Name} of {{who}} cannot be started ({state.Reason}): {SafeText.Short(SafeText.Of(message), 220)}.",
            Advice(message),
            new Evidence(message, $"pod {view.Pod.Name}, container {container.Name}, state")) with
        { Fault = "F103" });
    }

    private static string Advice(string message) =>
        message.Contains("runAsNonRoot", StringComparison.Ordinal) || message.Contains("non-root", StringComparison.OrdinalIgnoreCase) ? "Set runAsUser to a number other than 0, or build the image with one."
        : message.Contains("configmap", StringComparison.OrdinalIgnoreCase) ? "Create the ConfigMap (or its key) in this namespace, or correct its name."
        : message.Contains("secret", StringComparison.OrdinalIgnoreCase) ? "Create the Secret (or its key) in this namespace, or correct its name."
        : message.Contains("exec", StringComparison.OrdinalIgnoreCase) || message.Contains("no such file", StringComparison.OrdinalIgnoreCase) ? "Correct the container's command: the image has no such program, or not for this processor."
        : "Follow the message.";
}

/// <summary>An init container does not end well.</summary>
internal sealed class InitContainer : PodCause
{
    internal override string Id => "init-container";

    internal override Match? Match(PodView view)
    {
        var failing = view.Pod.InitContainers.FirstOrDefault(one =>
            one.State is { Kind: "terminated", ExitCode: not 0 } || (one.State.Reason == "CrashLoopBackOff" && one.Last.ExitCode is not (0 or null)));
        if (failing is null)
        {
            return null;
        }

        var code = failing.State.ExitCode ?? failing.Last.ExitCode;
        return new(Finding(
            view, PathStep.Listener,
            string.Create(CultureInfo.InvariantCulture, $"Init container {failing.Name} of {{who}} ends with exit code {code}, so the app is not started."),
            "Read the init container's log.",
            new Evidence(string.Create(CultureInfo.InvariantCulture, $"exit code {code}, {failing.Restarts} restarts"), $"pod {view.Pod.Name}, initContainerStatuses", failing.Last.FinishedAt ?? failing.State.FinishedAt)) with
        {
            Commands = [view.Kubectl($"logs {view.Pod.Name} -c {failing.Name}")],
        });
    }
}

/// <summary>The kernel killed the process for memory.</summary>
internal sealed class OutOfMemory : PodCause
{
    // Something that happened once and long ago, to a pod that has been well since, explains nothing of now.
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    internal override string Id => "oom-killed";

    internal override Match? Match(PodView view)
    {
        var container = view.Pod.Containers.FirstOrDefault(one => one.State.Reason == "OOMKilled" || one.Last.Reason == "OOMKilled");
        if (container is null)
        {
            return null;
        }

        var killed = container.State.Reason == "OOMKilled" ? container.State : container.Last;
        var old = view.Age(killed.FinishedAt) > Recent && view.Pod.IsReady;
        var limit = container.Spec.MemoryLimit;
        var again = container.Restarts > 1 ? string.Create(CultureInfo.InvariantCulture, $", {container.Restarts} restarts so far") : string.Empty;
        return new(Finding(
            view, PathStep.Listener,
            old ? $"{{who}} {{was}} killed for memory (OOMKilled) {PodView.Text(view.Age(killed.FinishedAt))} ago, and {{is}} well since."
                : $"{{who}} {{is}} killed by the kernel for memory (OOMKilled, exit code 137) at {(limit is null ? "no limit of its own: the node ran out" : $"a limit of {limit}")}, although /health may say ready between two kills.",
            limit is null ? "Set a memory request and limit that fit, or find the leak." : $"Raise resources.limits.memory above {limit} (it was reached, so the peak is at least that), or find the leak.",
            new Evidence(
                $"reason OOMKilled, exit code 137, ran {(killed.FinishedAt is { } end && killed.StartedAt is { } start ? PodView.Text(end - start) : "an unknown time")}{again}",
                $"pod {view.Pod.Name}, container {container.Name}, lastState", killed.FinishedAt),
            new Evidence($"limits.memory {limit ?? "none"}, requests.memory {container.Spec.MemoryRequest ?? "none"}", view.Field("resources"))) with
        {
            Severity = old ? Severity.Note : Severity.Fault,
        });
    }
}

/// <summary>The process ends by itself.</summary>
internal sealed class Crash : PodCause
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    internal override string Id => "crash";

    internal override Match? Match(PodView view)
    {
        var container = view.Pod.Containers.FirstOrDefault(one => Ended(one) is not null);
        if (container is null || Ended(container) is not { } end || KilledByProbe(view))
        {
            return null;
        }

        // A restart that has been made good is history.
        if (view.Pod.IsReady || (view.Age(end.FinishedAt) > Recent && container.State.Kind == "running"))
        {
            return null;
        }

        var (line, from) = LastWords(view);
        var meaning = Meaning(end.ExitCode);
        var root = Dependencies.Mentioned(view, line);
        var setting = SettingOf(view, line);
        return new(
            Finding(
                view, PathStep.Listener,
                string.Create(CultureInfo.InvariantCulture, $"{{who}} end{{s}} with exit code {end.ExitCode}{meaning}{(line is null ? string.Empty : $": {SafeText.Short(SafeText.Of(line), 260)}")}{(root is null ? string.Empty : $" {root.Sentence}")}"),
                root?.Fix ?? (setting is not null ? $"Set {setting} for container {container.Name} of {view.Workload.Title}." : line is null ? "The log does not mention it: read all of it, and that of the previous run (--previous)." : "Follow the last log line; the probe only reports the failure."),
                new Evidence(string.Create(CultureInfo.InvariantCulture, $"exit code {end.ExitCode} ({end.Reason}), {container.Restarts} restarts{(container.State.Reason is { } waiting ? $", now {waiting}" : string.Empty)}"), $"pod {view.Pod.Name}, container {container.Name}", end.FinishedAt),
                line is null ? null : new Evidence(line, from),
                setting is null ? null : new Evidence($"has no variable {setting}", view.Field("env")),
                root?.Evidence) with
            {
                Fault = "F103",
                Commands = root?.Commands ?? [view.Kubectl($"logs {view.Pod.Name} --previous")],
            },
            root?.Dependency);
    }

    private static StateFacts? Ended(ContainerFacts container) =>
        container.State is { Kind: "terminated" } now && now.ExitCode != 0 ? now
        : container.Last is { Kind: "terminated" } last && (last.ExitCode != 0 || container.State.Reason == "CrashLoopBackOff") && container.Restarts > 0 ? last
        : null;

    /// <summary>A container that the kubelet ended for a failed probe did not crash, whatever its exit code.</summary>
    internal static bool KilledByProbe(PodView view) =>
        view.Events.Any(one => one.Reason == "Killing" && one.Message.Contains("probe", StringComparison.Ordinal));

    /// <summary>The line that tells why, and where it was read.</summary>
    internal static (string? Line, string Source) LastWords(PodView view)
    {
        var previous = view.Log.Previous.LastOrDefault(line => line.IsTelling);
        var current = view.Log.Current.LastOrDefault(line => line.IsTelling);
        var message = view.Pod.Containers.Select(container => container.Last.Message ?? (container.State.Kind == "terminated" ? container.State.Message : null)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        return previous is not null ? (previous.Message.Trim(), $"kubectl logs {view.Pod.Name} --previous, last line")
            : current is not null ? (current.Message.Trim(), $"kubectl logs {view.Pod.Name}, last line")
            : message is not null ? (message.Trim().Split('\n')[^1], $"pod {view.Pod.Name}, terminated message")
            : (null, string.Empty);
    }

    private static string? SettingOf(PodView view, string? line)
    {
        var word = line?.Split(' ', ':', ',', '\'', '"').FirstOrDefault(part => part.Length > 3 && (part.Contains("__", StringComparison.Ordinal) || (part.Contains('_', StringComparison.Ordinal) && !part.Any(char.IsLower))) && part.All(c => char.IsLetterOrDigit(c) || c == '_'));
        return word is not null && !view.Spec.Environment.ContainsKey(word) ? word : null;
    }

    private static string Meaning(int? code) => code switch
    {
        0 => " (ended well, and should not have ended)",
        2 => " (by Candor's and many others' use: a setting is missing or wrong)",
        126 => " (its program cannot be executed)",
        127 => " (its program does not exist)",
        134 => " (aborted itself: SIGABRT)",
        137 => " (SIGKILL; not for memory, or the reason would be OOMKilled)",
        139 => " (segmentation fault: SIGSEGV)",
        143 => " (SIGTERM, which it did not turn into an orderly end)",
        _ => string.Empty,
    };
}
