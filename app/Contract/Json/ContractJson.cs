using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>
/// The JSON form of a contract, for the environment variable <c>CANDOR_CONTRACT</c> and for stack overrides: camelCase keys,
/// durations as <see cref="DurationText"/> writes them. Reading lists every mistake at once.
/// </summary>
/// <remarks>
/// What a person writes is read strictly: an unknown key is a mistake, and its message names the nearest one. What a program passes on is
/// read leniently (<see cref="ParseLenient"/>): an image that is older or newer than the stack starts with the properties that it supports.
/// </remarks>
public static class ContractJson
{
    /// <summary>
    /// The version of the JSON form, written as <c>schemaVersion</c>. It is raised when a key changes its meaning or is removed, not
    /// when one is added. A text without it is of this version.
    /// </summary>
    public const int SchemaVersion = 1;

    /// <summary>Deeper nesting than any contract has is a mistake, not a contract.</summary>
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The canonical text: every field, in the order of the records, without white space. Equal contracts give equal bytes.
    /// </summary>
    public static string Serialize(HealthContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return ContractSchema.Contract.Write(contract).ToJsonString(Options);
    }

    /// <summary>Reads a contract strictly; what is absent has its default.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidContractException">It cannot be read, or it does not hold.</exception>
    public static HealthContract Parse(string json, string source) => Merge(new HealthContract(), json, source);

    /// <summary>
    /// Reads a contract that another version of Candor may have written: keys and choices unknown to this version are passed
    /// over and listed. What is known must be readable, and the whole must hold.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidContractException">It cannot be read, or it does not hold.</exception>
    public static ContractReading ParseLenient(string json, string source)
    {
        var ignored = new List<string>();
        var (contract, violations) = Read(new HealthContract(), json, ignored);
        return new(Validated(contract, violations, source), ignored);
    }

    /// <summary>
    /// The given contract with the values of <paramref name="json"/>. Objects merge key by key; lists are replaced whole. Where
    /// dependencies are replaced and operations are not, the operations no longer use the dependencies that are gone. The result is
    /// validated as a whole.
    /// </summary>
    /// <param name="contract">What holds where the text is silent.</param>
    /// <param name="json">A JSON object with the keys to change.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidContractException">It cannot be read, or the whole does not hold; every violation is listed.</exception>
    public static HealthContract Merge(HealthContract contract, string json, string source)
    {
        var (merged, violations) = Read(contract, json);
        return Validated(merged, violations, source);
    }

    /// <summary>Like <see cref="Merge"/>, but hands back what it could read together with the mistakes, and validates nothing.</summary>
    public static (HealthContract Contract, IReadOnlyList<Violation> Violations) Read(HealthContract contract, string json) =>
        Read(contract, json, null);

    /// <summary>
    /// Like <see cref="ParseLenient"/>, but hands back what it could read together with the mistakes, and validates nothing.
    /// </summary>
    public static (ContractReading Reading, IReadOnlyList<Violation> Violations) ReadLenient(string json)
    {
        var ignored = new List<string>();
        var (contract, violations) = Read(new HealthContract(), json, ignored);
        return (new(contract, ignored), violations);
    }

    /// <summary>The properties in which two contracts differ, as <c>balancer.interval</c>; a list that differs is one property.</summary>
    public static IReadOnlyList<string> Differences(HealthContract one, HealthContract other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one == other ? [] : [.. Differences(string.Empty, ContractSchema.Contract.Write(one), ContractSchema.Contract.Write(other))];
    }

    private static IEnumerable<string> Differences(string path, JsonNode? one, JsonNode? other)
    {
        if (one is JsonObject keys && other is JsonObject others)
        {
            var names = keys.Select(pair => pair.Key).Union(others.Select(pair => pair.Key));
            return names.SelectMany(name => Differences(path.Length == 0 ? name : $"{path}.{name}", keys[name], others[name]));
        }

        return JsonNode.DeepEquals(one, other) ? [] : [path];
    }

    private static (HealthContract Contract, IReadOnlyList<Violation> Violations) Read(
        HealthContract contract, string json, List<string>? ignored)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(json);
        var violations = new List<Violation>();
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: Strict);
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : string.Empty;
            violations.Add(new(
                "CT010", "contract", $"text that is not JSON{where}", "a JSON object", "It cannot be read.",
                "Correct the JSON; each key may stand once."));
            return (contract, violations);
        }

        try
        {
            var merged = ContractSchema.Contract.Read(contract, node, new(string.Empty, violations, ignored));
            return (
                node is JsonObject keys && keys.ContainsKey("dependencies") && !keys.ContainsKey("operations")
                    ? WithoutGone(merged)
                    : merged,
                violations);
        }
        catch (InvalidOperationException)
        {
            // JSON's grammar allows half of a surrogate pair (\ud800), Unicode does not, and the parser looks only when asked.
            violations.Add(new(
                "CT010", "contract", "text that is not valid Unicode", "a JSON object", "It cannot be read.",
                "Correct the escape sequences."));
            return (contract, violations);
        }
    }

    // Operations that the text did not write cannot be held to dependencies that it replaced.
    private static HealthContract WithoutGone(HealthContract contract) => contract with
    {
        Operations =
        [
            .. contract.Operations.Select(operation => operation with
            {
                Uses = [.. operation.Uses.Where(name => contract.Dependencies.Any(dependency => dependency.Name == name))],
            }),
        ],
    };

    private static HealthContract Validated(HealthContract contract, IReadOnlyList<Violation> violations, string source)
    {
        if (violations.Count == 0)
        {
            violations = ContractValidator.Validate(contract);
        }

        return violations.Count == 0 ? contract : throw new InvalidContractException(source, violations);
    }
}

/// <summary>A contract that was read leniently.</summary>
/// <param name="Contract">What this version understood.</param>
/// <param name="Ignored">What it passed over, as <c>routing.canaryShare</c>, in the order of the text.</param>
public sealed record ContractReading(HealthContract Contract, IReadOnlyList<string> Ignored);
