using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Program.Config;

namespace Candor.Planning;

/// <summary>Where each value of a service's contract comes from: what the stack says, and what is assumed because nobody says otherwise.</summary>
public static class ContractReport
{
    /// <summary>The report.</summary>
    /// <param name="settings">What the stack's files say.</param>
    /// <param name="service">The service, with its merged contract.</param>
    /// <param name="index">Its place among the stack's services; 0 for the main one.</param>
    public static Report Of(StackSettings settings, ServiceConfig service, int index)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(service);
        var sources = Sources(settings, index).ToList();
        var standard = Leaves(Json(new HealthContract())).ToDictionary(leaf => leaf.Path, leaf => leaf.Value, StringComparer.Ordinal);
        var leaves = Leaves(Json(service.Contract)).Select(leaf => (leaf.Path, leaf.Value, Source: SourceOf(leaf, sources, standard, settings, index))).ToList();
        var said = leaves.Where(leaf => leaf.Source is not null).ToList();
        return new($"{service.Name}, stack {settings.Stack}: health contract {service.Hash}",
        [
            new("Said", said.Count == 0
                ? [new ReportText("Nothing: every value is a default.")]
                : [new ReportTable(null, ["value", "is", "says"], [.. said.SelectMany(leaf => Rows(leaf.Path, leaf.Value, leaf.Source!))])]),
            new("Assumed, because nobody says otherwise",
            [
                new ReportList([.. leaves.Where(leaf => leaf.Source is null).GroupBy(leaf => Part(leaf.Path), StringComparer.Ordinal).Select(Assumed)]),
                .. Dependencies(service.Contract),
                new ReportText($"Another value goes into {Where(settings, index)}; what each one means is in docs/library/Candor.Contract.md.", Tone.Muted),
            ]),
        ]);
    }

    /// <summary>What a person wrote, the strongest first: the stack's overrides, then the contract's file.</summary>
    private static IEnumerable<(string Name, JsonNode Json)> Sources(StackSettings settings, int index)
    {
        var service = index == 0 ? null : (JsonNode.Parse(settings.Config[Key("services")]) as JsonArray)![index - 1];
        var health = index == 0 ? Parsed(settings.Config.GetValueOrDefault(Key("health"))) : service?["health"];
        if (health is JsonObject)
        {
            yield return (index == 0 ? Key("health") : $"{Key($"services[{index - 1}]")}.health", health);
        }

        var file = index == 0 ? settings.Config.GetValueOrDefault(Key("contract")) : service?["contract"]?.GetValue<string>();
        if (!string.IsNullOrEmpty(file) && Parsed(File.ReadAllText(Path.GetFullPath(file, settings.ProjectDirectory ?? "."))) is JsonObject written)
        {
            yield return (file, written);
        }
    }

    private static string? SourceOf(
        (string Path, JsonNode? Value) leaf,
        List<(string Name, JsonNode Json)> sources,
        Dictionary<string, JsonNode?> standard,
        StackSettings settings,
        int index)
    {
        var source = sources.FirstOrDefault(source => Has(source.Json, leaf.Path.Split('.'))).Name;
        if (source is not null || JsonNode.DeepEquals(leaf.Value, standard.GetValueOrDefault(leaf.Path)))
        {
            return source;
        }

        // What neither wrote, and is no default: the reference service's own contract, or what the balancer demands.
        var balancer = settings.Config.GetValueOrDefault(Key("balancer"));
        return balancer is "gke" or "nginx" && leaf.Path.Split('.')[0] is "routing" or "balancer" ? $"{Key("balancer")} {balancer}"
            : index == 0 && settings.Config.GetValueOrDefault(Key("name"), "orders") == "orders" ? "Orders' contract"
            : $"{Key("dependencies")} {settings.Config.GetValueOrDefault(Key("dependencies"))}";
    }

    private static bool Has(JsonNode? json, ReadOnlySpan<string> path) => path.IsEmpty
        || (json is JsonObject keys && keys.TryGetPropertyValue(path[0], out var inner) && Has(inner, path[1..]));

    private static IEnumerable<IReadOnlyList<ReportCell>> Rows(string path, JsonNode? value, string source) => value is JsonArray { Count: > 0 } list
        ? list.Select((item, place) => (IReadOnlyList<ReportCell>)
            [ReportCell.Code($"{path}[{item?["name"]?.ToString() ?? $"{place}"}]"), ReportCell.Code(Short(item)), new(source)])
        : [[ReportCell.Code(path), ReportCell.Code(Short(value)), new(source)]];

    // Only what distinguishes it: the kind of a dependency, the route of an operation.
    private static string Short(JsonNode? item) => item switch
    {
        JsonObject keys when keys["kind"] is { } kind => $"{kind}, {keys["importance"]}",
        JsonObject keys when keys["route"] is { } route => route.ToString(),
        JsonObject keys when keys.ContainsKey("route") => "background work",
        null => "none",
        _ => item.ToString(),
    };

    private static ReportCell Assumed(IGrouping<string, (string Path, JsonNode? Value, string? Source)> part)
    {
        var values = part.Select(leaf => $"{leaf.Path[(part.Key.Length == 0 ? 0 : part.Key.Length + 1)..]} {(leaf.Value is JsonArray { Count: 0 } ? "none" : Short(leaf.Value))}");
        return $"{(part.Key.Length == 0 ? string.Empty : $"{part.Key}: ")}{string.Join(", ", values)}";
    }

    private static string Part(string path) => path.Contains('.', StringComparison.Ordinal) ? path[..path.IndexOf('.', StringComparison.Ordinal)] : string.Empty;

    private static IEnumerable<ReportBlock> Dependencies(HealthContract contract)
    {
        if (contract.Dependencies.Count == 0)
        {
            yield return new ReportText("It dials nothing that health should know of.");
            yield break;
        }

        yield return new ReportList([.. contract.Dependencies.Select(dependency => (ReportCell)(
            $"{dependency.Name}: read by the app as ConnectionStrings__{dependency.Name}, port {dependency.DialledPort()}, "
            + (dependency.Importance == DependencyImportance.Required ? "not ready without it" : "degraded without it")
            + $", checked within {DurationText.Format(dependency.Timeout)}"
            + (dependency.MaximumConnections() is { } connections ? $", at most {connections} connections a pod" : string.Empty)))]);
    }

    private static string Where(StackSettings settings, int index) =>
        index == 0 && settings.Config.GetValueOrDefault(Key("contract")) is { Length: > 0 } file ? file
        : index == 0 ? $"{Key("health")} of Pulumi.{settings.Stack}.yaml" : $"{Key($"services[{index - 1}]")}.health of Pulumi.{settings.Stack}.yaml";

    private static IEnumerable<(string Path, JsonNode? Value)> Leaves(JsonNode? node, string path = "") => node is JsonObject keys
        ? keys.Where(pair => path.Length > 0 || pair.Key != "schemaVersion").SelectMany(pair => Leaves(pair.Value, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}"))
        : [(path, node)];

    private static JsonNode Json(HealthContract contract) => JsonNode.Parse(ContractJson.Serialize(contract))!;

    private static JsonNode? Parsed(string? text) => string.IsNullOrEmpty(text) ? null : JsonNode.Parse(text);

    private static string Key(string name) => $"{ConfigKeys.Namespace}:{name}";
}
