using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Contract;

/// <summary>
/// The JSON form of a contract, for the environment variable <c>CANDOR_CONTRACT</c> and for stack overrides: camelCase keys,
/// durations as <see cref="DurationText"/> writes them. Reading lists every mistake at once; an unknown key names the nearest.
/// </summary>
public static class ContractJson
{
    /// <summary>Deeper nesting than any contract has is a mistake, not a contract.</summary>
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>
    /// The canonical text: every field, in the order of the records, without white space. Equal contracts give equal bytes.
    /// </summary>
    public static string Serialize(HealthContract contract) => ContractWriter.Write(contract).ToJsonString(ContractWriter.Options);

    /// <summary>Reads a contract; what is absent has its default.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidContractException">It cannot be read, or it does not hold.</exception>
    public static HealthContract Parse(string json, string source) => Merge(new HealthContract(), json, source);

    /// <summary>
    /// The given contract with what <paramref name="json"/> says changed. Objects merge key by key; lists are replaced whole.
    /// The result is validated as a whole.
    /// </summary>
    /// <param name="contract">What holds where the text is silent.</param>
    /// <param name="json">A JSON object with the keys to change.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidContractException">It cannot be read, or the whole does not hold; every violation is listed.</exception>
    public static HealthContract Merge(HealthContract contract, string json, string source)
    {
        var (merged, violations) = Read(contract, json);
        if (violations.Count == 0)
        {
            violations = ContractValidator.Validate(merged);
        }

        return violations.Count == 0 ? merged : throw new InvalidContractException(source, violations);
    }

    /// <summary>Like <see cref="Merge"/>, but hands back what it could read together with the mistakes, and validates nothing.</summary>
    public static (HealthContract Contract, IReadOnlyList<Violation> Violations) Read(HealthContract contract, string json)
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
            violations.Add(new("CT010", "contract", $"text that is not JSON{where}", "a JSON object", "It cannot be read.", "Correct the JSON; each key may stand once."));
            return (contract, violations);
        }

        try
        {
            var merged = (HealthContract)ContractReader.ReadRecord(contract, node, string.Empty, violations);
            return (merged, violations);
        }
        catch (InvalidOperationException)
        {
            // JSON's grammar allows half of a surrogate pair (\ud800), Unicode does not, and the parser looks only when asked.
            violations.Add(new("CT010", "contract", "text that is not valid Unicode", "a JSON object", "It cannot be read.", "Correct the escape sequences."));
            return (contract, violations);
        }
    }
}
