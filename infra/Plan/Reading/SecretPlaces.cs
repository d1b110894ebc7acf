using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Candor.Planning;

/// <summary>
/// Where a resource that another program declared holds secrets, whether that program marked them or not: what the providers' schemas mark
/// as secret, what the state itself lists as secret, and what is called a password, token or private key.
/// </summary>
internal sealed partial class SecretPlaces
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Each name that the expression takes has one of them; most names have none, and need no expression.</summary>
    private static readonly string[] Parts = ["ass", "ecret", "Key", "oken", "onnectionString", "Material"];

    // Written by infra/PulumiOffline/schema/secrets.mjs from the official packages: a type and its secret inputs per line.
    private static readonly FrozenDictionary<string, string[]> BySchema = ReadSchema();

    private readonly HashSet<string> _marked;
    private readonly bool _isKubernetes;

    private SecretPlaces(HashSet<string> marked, bool isKubernetes, string? input, bool isSecret, bool isWhole)
    {
        _marked = marked;
        _isKubernetes = isKubernetes;
        Input = input ?? string.Empty;
        IsSecret = isSecret || isWhole;
        IsWhole = isWhole;
    }

    /// <summary>The resource's input that the place belongs to.</summary>
    internal string Input { get; }

    /// <summary>Whether a text or number here is a secret.</summary>
    internal bool IsSecret { get; }

    // Whether everything below is secret too.
    private bool IsWhole { get; }

    /// <summary>The root of the inputs of a resource.</summary>
    /// <param name="type">Its type token.</param>
    /// <param name="marked">Properties that its state lists as secret.</param>
    internal static SecretPlaces Of(string type, IEnumerable<string> marked) => new(
        [.. marked, .. BySchema.GetValueOrDefault(type, [])],
        type.StartsWith(ResourceTypes.KubernetesPrefix, StringComparison.Ordinal),
        null,
        isSecret: false,
        isWhole: false);

    /// <summary>The root of values of which only the names are known.</summary>
    internal static SecretPlaces ByName() => Of(string.Empty, []);

    /// <summary>The place of a property below this one.</summary>
    internal SecretPlaces At(string name) => new(
        _marked,
        _isKubernetes,
        Input.Length == 0 ? name : Input,
        isSecret: name == LastApplied || IsNamedSecret(name),
        isWhole: IsWhole || (Input.Length == 0 && _marked.Contains(name)) || name is "kubeconfig" or "kubeConfig");

    // Names of keys within an ExternalSecret are called secretKey; they are no secrets.
    private bool IsNamedSecret(string name) =>
        Array.Exists(Parts, part => name.Contains(part, StringComparison.Ordinal))
            && Named().IsMatch(name)
            && !(_isKubernetes && name is "secretKey");

    private static FrozenDictionary<string, string[]> ReadSchema()
    {
        using var reader = new StreamReader(typeof(SecretPlaces).Assembly.GetManifestResourceStream("secret-inputs.txt")
            ?? throw new InvalidOperationException("secret-inputs.txt is not embedded."));
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' '))
            .ToFrozenDictionary(words => words[0], words => words[1..], StringComparer.Ordinal);
    }

    // As properties are written; PASSWORD in capitals is the name of a variable, which lint looks at by itself.
    [GeneratedRegex(
        "((^p|P)assword|(^p|P)asswords|(^p|P)assphrase|(^s|S)ecretString|(^s|S)ecretBinary|(^s|S)ecretAccessKey|(^s|S)ecretKey"
        + "|(^c|C)lientSecret"
        + "|(^s|S)haredSecret|(^p|P)resharedKey|(^p|P)rivateKey|(^p|P)rivateKeyPem|(^c|C)onnectionString|(^a|A)piKey|(^a|A)uthToken"
        + "|(^a|A)ccessToken"
        + "|(^o|O)authToken|(^a|A)piToken|(^b|B)earerToken|(^r|R)efreshToken|(^s|S)essionToken|(^k|K)eyMaterialBase64"
        + "|^token)(V?[0-9])?(Wo)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
