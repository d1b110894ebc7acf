using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Planning;

/// <summary>
/// Which changed fields follow from which changed number of a contract, so that a reader sees one decision and not its thirty
/// consequences. A field is only counted as one when it says the number itself, or when it is of a kind that the program derives from
/// contracts and nothing but numbers in it changes; everything else stands on its own.
/// </summary>
internal sealed partial class ContractChanges
{
    // Made of the contract's numbers by the program: probes, alarms, rules, and what they are drawn on.
    private static readonly string[] DerivedTypes =
    [
        ResourceTypes.TargetGroup, ResourceTypes.MetricAlarm, ResourceTypes.CompositeAlarm, ResourceTypes.PrometheusRule, ResourceTypes.ConfigMap,
    ];

    private static readonly string[] DerivedWords =
        ["Probe.", "terminationGracePeriodSeconds", "preStop", "progressDeadlineSeconds", "[timeout of ", "Dashboard", "ServiceMonitor", "monitoring.coreos.com", "BackendConfig"];

    private readonly List<Number> _numbers = [];
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);
    private readonly HashSet<(string Urn, string Path)> _taken = [];

    private ContractChanges(PlanDiff diff)
    {
        foreach (var workload in diff.Head.WorkloadsOf())
        {
            if (diff.Base.Index.Find(workload.Urn) is { } before
                && diff.Base.ContractOf(before) is { } was
                && diff.Head.ContractOf(workload) is { } willBe)
            {
                var (old, now) = (Json(was), Json(willBe));
                var changed = ContractJson.Differences(was, willBe).Select(path => new Number(workload, path, At(old, path), At(now, path))).ToList();
                _numbers.AddRange(changed);
                if (changed.Count > 0)
                {
                    _hashes.Add(ContractHash.Of(willBe));
                }
            }
        }
    }

    /// <summary>The numbers of contracts that change.</summary>
    internal IReadOnlyList<Number> Numbers => _numbers;

    /// <summary>What follows from several of them together: a hash, a sum.</summary>
    internal IReadOnlyList<Consequence> Together { get; private set; } = [];

    /// <summary>Finds them, and what follows from each.</summary>
    internal static ContractChanges Of(PlanDiff diff)
    {
        var changes = new ContractChanges(diff);
        if (changes._numbers.Count == 0)
        {
            return changes;
        }

        var together = new List<Consequence>();
        foreach (var (name, urn, type, field) in Fields(diff))
        {
            var owner = changes._numbers.FirstOrDefault(number => number.IsSaidBy(field));
            if (owner is null && !changes.IsDerived(type, field))
            {
                continue;
            }

            changes._taken.Add((urn, field.Path));
            (owner ?? (changes._numbers.Count == 1 ? changes._numbers[0] : null))?.Follows.Add(new(name, field));
            if (owner is null && changes._numbers.Count > 1)
            {
                together.Add(new(name, field));
            }
        }

        changes.Together = together;
        return changes;
    }

    /// <summary>Whether the field follows from a number.</summary>
    internal bool Holds(string urn, FieldChange field) => _taken.Contains((urn, field.Path));

    private static IEnumerable<(string Name, string Urn, string Type, FieldChange Field)> Fields(PlanDiff diff) =>
        diff.Changed
            .OrderBy(change => change.After.Urn, StringComparer.Ordinal)
            .SelectMany(change => change.Fields.Where(field => !field.ForcesReplacement || IsContract(field)).Select(field => (Meanings.NameOf(change.After), change.After.Urn, change.After.Type, field)))
            .Concat(diff.Outputs.Select(field => ("output", string.Empty, "output", field)));

    // The ConfigMap that carries it is made anew, which what it means says.
    private static bool IsContract(FieldChange field) => field.Path.Contains("CANDOR_CONTRACT.", StringComparison.Ordinal);

    private bool IsDerived(string type, FieldChange field)
    {
        var (was, willBe) = (Text(field.Before), Text(field.After));
        if (_hashes.Any(hash => willBe.Contains(hash, StringComparison.Ordinal)))
        {
            return true;
        }

        var derived = type == "output"
            || DerivedTypes.Contains(type)
            || DerivedWords.Any(word => field.Path.Contains(word, StringComparison.Ordinal) || type.Contains(word, StringComparison.Ordinal));
        return derived && was.Any(char.IsAsciiDigit) && Skeleton(was) == Skeleton(willBe);
    }

    private static string Text(PlanValue value) => value.Text ?? (value.Exists ? value.ToString() : string.Empty);

    // A number with its unit: of 10s, 1m30s and 0.5 alike.
    private static string Skeleton(string text) => Quantity().Replace(text, "#");

    private static JsonNode Json(HealthContract contract) => JsonNode.Parse(ContractJson.Serialize(contract))!;

    private static JsonNode? At(JsonNode? json, string path) => path.Split('.').Aggregate(json, (node, name) => node?[name]);

    [GeneratedRegex(@"(\d+(\.\d+)?(ms|[smhd])?)+")]
    private static partial Regex Quantity();

    /// <summary>A number of a contract that changes.</summary>
    internal sealed record Number(PlanResource Workload, string Path, JsonNode? Was, JsonNode? Becomes)
    {
        /// <summary>What follows from it.</summary>
        internal List<Consequence> Follows { get; } = [];

        /// <summary>What was, and what will be; a list in how many it has.</summary>
        internal (string Was, string Becomes) Texts => (Short(Was), Short(Becomes));

        /// <summary>Whether the field is the number's own, or says the same quantity before and after.</summary>
        internal bool IsSaidBy(FieldChange field)
        {
            var own = $"CANDOR_CONTRACT.{Path}";
            var at = field.Path.IndexOf(own, StringComparison.Ordinal);
            if (at >= 0 && (at + own.Length == field.Path.Length || field.Path[at + own.Length] is '.' or '['))
            {
                return true;
            }

            var last = Path[(Path.LastIndexOf('.') + 1)..];
            return field.Path.EndsWith(last, StringComparison.OrdinalIgnoreCase)
                && Seconds(Was) is { } was && Seconds(Becomes) is { } willBe
                && field.Before.Number is { } before && field.After.Number is { } after
                && was.Equals(before) && willBe.Equals(after);
        }

        private static string Short(JsonNode? value) => value switch
        {
            null => "none",
            JsonArray { Count: 0 } => "none",
            JsonArray list => string.Join(", ", list.Select(item => item?["name"]?.ToString() ?? item?.ToString() ?? "none")),
            _ => value.ToString(),
        };

        private static double? Seconds(JsonNode? value) => value is not JsonValue scalar ? null
            : scalar.TryGetValue(out double number) ? number
            : scalar.TryGetValue(out string? text) && DurationText.TryParse(text, out var duration) ? duration.TotalSeconds : null;
    }

    /// <summary>A field that follows from a number.</summary>
    internal sealed record Consequence(string Resource, FieldChange Field);
}
