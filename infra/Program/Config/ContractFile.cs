using System.Text.Json;
using System.Text.Json.Nodes;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>A contract that app and stack both read: a JSON file of the repository.</summary>
public static class ContractFile
{
    private const string ProjectFile = "Pulumi.yaml";

    // A contract has some hundred lines; what is larger is another file.
    private const int LargestBytes = 1_000_000;

    /// <summary>The files that a configuration names as contracts, of the main service and of the others.</summary>
    /// <param name="values">The configuration by full key, lists as JSON.</param>
    public static IEnumerable<string> Named(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.GetValueOrDefault($"{ConfigKeys.Namespace}:contract") is { Length: > 0 } main)
        {
            yield return main;
        }

        foreach (var service in Services(values.GetValueOrDefault($"{ConfigKeys.Namespace}:services")))
        {
            if (service is JsonObject keys && keys["contract"] is JsonValue file && file.TryGetValue(out string? path))
            {
                yield return path;
            }
        }
    }

    private static JsonArray Services(string? json)
    {
        try
        {
            return JsonNode.Parse(json is { Length: > 0 } ? json : "[]") as JsonArray ?? [];
        }
        catch (JsonException)
        {
            // Refused, with its place, where the configuration is read.
            return [];
        }
    }

    /// <summary>The contract in the file over the given defaults; the defaults, with the problem noted, when it cannot be used.</summary>
    /// <param name="reader">Where problems are noted.</param>
    /// <param name="key">The config key that names the file.</param>
    /// <param name="path">The file, below the directory of <c>Pulumi.yaml</c>; null for none.</param>
    /// <param name="defaults">What holds where the file is silent.</param>
    internal static HealthContract Read(ConfigReader reader, string key, string? path, HealthContract defaults)
    {
        if (string.IsNullOrEmpty(path))
        {
            return defaults;
        }

        var root = Root(reader.ProjectDirectory);
        var full = Path.GetFullPath(path, root);
        if (!full.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            reader.Add(new(key, $"\"{path}\"", $"a path below the directory of {ProjectFile}", "Put the contract into the repository."));
            return defaults;
        }

        string json;
        try
        {
            if (new FileInfo(full) is { Exists: true, Length: > LargestBytes } large)
            {
                reader.Add(new(
                    key, $"a file of {large.Length} bytes", $"a contract of at most {LargestBytes} bytes", "Name the contract's file."));
                return defaults;
            }

            json = File.ReadAllText(full);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            reader.Add(new(
                key, $"\"{path}\", which cannot be read", $"a JSON file below {root}", "Correct the path, or the file's rights."));
            return defaults;
        }

        try
        {
            return ContractJson.Merge(defaults, json, path);
        }
        catch (InvalidContractException exception)
        {
            foreach (var violation in exception.Violations)
            {
                reader.Add(new($"{path}: {violation.Path}", violation.Found, violation.Expected, $"{violation.Why} {violation.Fix}"));
            }

            return defaults;
        }
    }

    // Pulumi runs the program in its own folder, tests run it in theirs.
    private static string Root(string? project)
    {
        if (project is not null && File.Exists(Path.Combine(project, ProjectFile)))
        {
            return Path.GetFullPath(project);
        }

        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, ProjectFile)))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
