using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>Reads what a service's container is given: variables, arguments, ports and folders.</summary>
/// <param name="reader">Where problems are noted.</param>
/// <param name="member">The JSON of a member of the service, or null when it is not set.</param>
/// <param name="prefix">What its keys begin with: <c>candor:</c>, or <c>candor:services[0].</c>.</param>
internal sealed partial class ContainerReader(ConfigReader reader, Func<string, JsonElement?> member, string prefix)
{
    // Named so by the program itself.
    private static readonly string[] OwnPorts = ["http", "management"];

    private const string OwnFolder = "/tmp";

    /// <summary>What the service with the contract is given; what cannot be used is noted and left out.</summary>
    public ContainerConfig Read(HealthContract contract) => new()
    {
        Environment = Texts("env", "a text")
            .Where(pair => IsVariable("env", pair.Key, contract))
            .ToImmutableSortedDictionary(StringComparer.Ordinal),
        SecretEnvironment = Texts("secretEnv", "a secret text", secret: true)
            .Where(pair => IsVariable("secretEnv", pair.Key, contract))
            .ToImmutableSortedDictionary(pair => pair.Key, pair => new SecretText(pair.Value), StringComparer.Ordinal),
        Arguments = Arguments(),
        Ports = Ports(contract),
        Volumes = Texts("volumes", "a size")
            .Where(pair => IsFolder(pair.Key, pair.Value))
            .ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private ImmutableArray<string> Arguments()
    {
        if (member("args") is not { } json)
        {
            return [];
        }

        if (json.ValueKind != JsonValueKind.Array || json.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            reader.Add(new($"{prefix}args", json.GetRawText(), "a list of texts", "Write a YAML list; put numbers in quotes."));
            return [];
        }

        return [.. json.EnumerateArray().Select(item => item.GetString()!)];
    }

    private ImmutableSortedDictionary<string, int> Ports(HealthContract contract)
    {
        var ports = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in Members("ports", "a port from 1 to 65535"))
        {
            var path = $"{prefix}ports.{entry.Name}";
            if (!entry.Value.TryGetInt32Of(out var number) || number is < 1 or > 65535)
            {
                reader.Add(new(path, entry.Value.GetRawText(), "a port from 1 to 65535", "Write a whole number."));
            }
            else if (!PortName().IsMatch(entry.Name) || OwnPorts.Contains(entry.Name, StringComparer.Ordinal))
            {
                reader.Add(new(
                    path,
                    $"\"{entry.Name}\"",
                    "1 to 15 lower case letters, digits and dashes, other than http and management",
                    "Rename the port."));
            }
            else if (number == contract.Port || number == contract.ManagementPort || ports.ContainsValue(number))
            {
                reader.Add(new(
                    path,
                    $"{number}",
                    $"a port that is not taken ({contract.Port} and {contract.ManagementPort} are the contract's)",
                    "Choose another."));
            }
            else
            {
                ports[entry.Name] = number;
            }
        }

        return ports.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private IEnumerable<KeyValuePair<string, string>> Texts(string name, string what, bool secret = false)
    {
        foreach (var entry in Members(name, what))
        {
            if (entry.Value.ValueKind == JsonValueKind.String)
            {
                yield return new(entry.Name, entry.Value.GetString()!);
            }
            else
            {
                reader.Add(new(
                    $"{prefix}{name}.{entry.Name}", secret ? "not a text" : entry.Value.GetRawText(), what, "Put it in quotes."));
            }
        }
    }

    private JsonElement.ObjectEnumerator Members(string name, string what)
    {
        if (member(name) is not { } json)
        {
            return default;
        }

        if (json.ValueKind == JsonValueKind.Object)
        {
            return json.EnumerateObject();
        }

        reader.Add(new(
            $"{prefix}{name}",
            name == "secretEnv" ? "not an object" : json.GetRawText(),
            $"an object: name to {what}",
            "Write a YAML object."));
        return default;
    }

    private bool IsVariable(string name, string variable, HealthContract contract)
    {
        var path = $"{prefix}{name}.{variable}";
        if (!VariableName().IsMatch(variable))
        {
            reader.Add(new(path, $"\"{variable}\"", "letters, digits and _ . -, not beginning with a digit", "Rename the variable."));
            return false;
        }

        var own = variable.StartsWith("CANDOR_", StringComparison.Ordinal)
            || contract.Dependencies.Any(dependency => variable == $"ConnectionStrings__{dependency.Name}");
        if (own)
        {
            reader.Add(new(
                path,
                "a variable that the stack sets",
                "a name of the service's own",
                "Remove it: the stack sets it from the contract and the dependencies."));
        }

        return !own;
    }

    private bool IsFolder(string folder, string size)
    {
        var path = $"{prefix}volumes.{folder}";
        if (!Folder().IsMatch(folder) || folder.TrimEnd('/') == OwnFolder)
        {
            reader.Add(new(path, $"\"{folder}\"", $"an absolute path other than {OwnFolder}, which every pod has", "Correct the path."));
            return false;
        }

        if (!TextForm.Quantity.Holds(size))
        {
            reader.Add(new(path, $"\"{size}\"", TextForm.Quantity.Singular, "Write a size such as 256Mi."));
            return false;
        }

        return true;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]{0,252}$")]
    private static partial Regex VariableName();

    [GeneratedRegex("^(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$")]
    private static partial Regex PortName();

    [GeneratedRegex("^(/[A-Za-z0-9._-]+)+/?$")]
    private static partial Regex Folder();
}

/// <summary>Numbers as the engine hands them over.</summary>
internal static class JsonNumbers
{
    /// <summary>A whole number, written as one or as text, as YAML values may arrive.</summary>
    public static bool TryGetInt32Of(this JsonElement json, out int number)
    {
        number = 0;
        return json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetInt32(out number),
            JsonValueKind.String =>
                int.TryParse(
                    json.GetString(),
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out number),
            _ => false,
        };
    }
}
