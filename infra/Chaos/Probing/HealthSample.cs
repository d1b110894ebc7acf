using System.Text.Json;
using System.Text.RegularExpressions;

namespace Candor.Chaos.Probing;

/// <summary>What one pod said, once.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="At">When it was asked, in seconds since the measurement began.</param>
/// <param name="Late">How much later than due; the instrument's own delay.</param>
/// <param name="Took">How long the answer took, in seconds.</param>
/// <param name="Says">The state.</param>
/// <param name="Lines">What it names, as <c>name: reason</c>.</param>
/// <param name="Operations">Its operations by name and status; null when the answer has none.</param>
internal sealed record HealthSample(string Pod, double At, double Late, double Took, PodState Says, IReadOnlyList<string> Lines, IReadOnlyDictionary<string, string>? Operations)
{
    private static readonly string[] _shown = ["reason", "cause", "share", "oldestAge"];

    /// <summary>Whether a line of it matches one of the patterns.</summary>
    public bool Names(IReadOnlyList<string> patterns) => Lines.Any(line => patterns.Any(pattern => Regex.IsMatch(line, pattern, RegexOptions.IgnoreCase)));

    /// <summary>
    /// Whether it says that users of an operation fail. An answer without operations claims so of all of them when it is not ready, and
    /// of none when it is degraded: that is what such an answer is worth. Background work goes on in an instance that is not ready, so only
    /// an answer with operations says anything of it.
    /// </summary>
    public bool Claims(string operation) =>
        Operations is { Count: > 0 } operations && operations.Values.Any(IsTrouble)
            ? operations.TryGetValue(operation, out var status) && IsTrouble(status)
            : (Says is PodState.NotReady or PodState.Silent) && !Catalogue.Operations.Background.Contains(operation);

    /// <summary>Reads the answer of the readiness path, in the shape that it has now and in that of before operations.</summary>
    public static HealthSample Read(string pod, double at, double late, double took, int code, byte[] body)
    {
        JsonElement root = default;
        try
        {
            using var document = JsonDocument.Parse(body);
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The built-in checks answer with a word; it is taken as it is.
        }

        var word = root.ValueKind == JsonValueKind.Object ? Text(root, "status") : System.Text.Encoding.UTF8.GetString(body).Trim();
        var lines = new List<string>();
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (Text(root, "reason") is { Length: > 0 } reason)
            {
                lines.Add($"health: {reason}");
            }

            if (root.TryGetProperty("checks", out _))
            {
                Add(lines, root, "checks");
            }
            else
            {
                // The second article's endpoint has a text for each check, and nothing around them.
                lines.AddRange(root.EnumerateObject()
                    .Where(one => one.Value.ValueKind == JsonValueKind.String && one.Name is not ("status" or "reason") && !IsFine(one.Value.GetString()!))
                    .Select(one => $"{one.Name}: {one.Value.GetString()}"));
            }

            var any = Add(lines, root, "operations");
            var state = State(code, word);
            return new(pod, at, late, took, state, lines, any);
        }

        return new(pod, at, late, took, State(code, word), lines, null);
    }

    private static Dictionary<string, string>? Add(List<string> lines, JsonElement root, string part)
    {
        if (!root.TryGetProperty(part, out var all) || all.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in all.EnumerateObject())
        {
            var status = Text(one.Value, "status") ?? string.Empty;
            found[one.Name] = status;
            if (!IsFine(status))
            {
                var more = string.Join(", ", _shown
                    .Where(name => one.Value.ValueKind == JsonValueKind.Object && one.Value.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                    .Select(name => name is "reason" or "cause" ? Text(one.Value, name) : $"{name} {Plain(one.Value.GetProperty(name))}"));
                lines.Add(part == "operations" ? $"{one.Name}: {status}{(more.Length > 0 ? $", {more}" : string.Empty)}" : $"{one.Name}: {(more.Length > 0 ? more : status)}");
            }
        }

        return found;
    }

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool IsFine(string status) =>
        status.Equals("healthy", StringComparison.OrdinalIgnoreCase) || status.Equals("unknown", StringComparison.OrdinalIgnoreCase) || status.StartsWith("ok", StringComparison.OrdinalIgnoreCase) || status.Length == 0;

    private static bool IsTrouble(string status) => status is "failing" or "degraded";

    private static PodState State(int code, string? word) => (word?.ToLowerInvariant(), code) switch
    {
        ("starting", _) => PodState.Starting,
        ("draining", _) => PodState.Draining,
        ("degraded", < 300) => PodState.Degraded,
        (_, >= 200 and < 300) => PodState.Ready,
        _ => PodState.NotReady,
    };

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}

/// <summary>What a pod's answer amounts to.</summary>
internal enum PodState
{
    Ready,
    Degraded,
    NotReady,
    Starting,
    Draining,

    /// <summary>No answer within the balancer's timeout.</summary>
    Silent,
}

/// <summary>One answer of the liveness path.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="At">Seconds since the measurement began.</param>
/// <param name="Alive">Whether it was 200 in time.</param>
/// <param name="Answered">Whether there was an answer at all.</param>
internal readonly record struct LivenessSample(string Pod, double At, bool Alive, bool Answered);

/// <summary>What the stack was at one moment.</summary>
/// <param name="At">Seconds since the measurement began.</param>
/// <param name="Pods">Pods of the service: name, whether the kubelet calls it ready, restarts, process.</param>
/// <param name="Targets">What the balancer makes of each pod.</param>
/// <param name="Lines">What balancer, kubelet and rollout say of what is not as it should be.</param>
internal sealed record StackSample(double At, IReadOnlyList<PodSample> Pods, IReadOnlyDictionary<string, string> Targets, IReadOnlyList<string> Lines);

/// <summary>A pod at one moment.</summary>
internal sealed record PodSample(string Name, bool Ready, int Restarts, int? Process, bool Leaving);
