using Candor.Contract;
using YamlDotNet.RepresentationModel;

namespace Candor.Planning;

/// <summary>
/// Reads <c>Pulumi.yaml</c> and <c>Pulumi.&lt;stack&gt;.yaml</c> as Pulumi does, but gives every secret a placeholder token.
/// </summary>
public static class StackFiles
{
    private const string ProjectFile = "Pulumi.yaml";

    private static readonly string[] StackKeys = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

    /// <summary>The stacks that have a file in the directory, sorted.</summary>
    public static IReadOnlyList<string> StacksOf(string projectDirectory) =>
        [.. Directory.EnumerateFiles(projectDirectory, "Pulumi.*.yaml")
            .Select(path => Path.GetFileName(path)["Pulumi.".Length..^".yaml".Length])
            .Order(StringComparer.Ordinal)];

    /// <summary>Reads what holds for a stack.</summary>
    /// <param name="projectDirectory">The directory of <c>Pulumi.yaml</c>.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="secretKeys">Full keys that the program treats as secret, set or not.</param>
    /// <exception cref="StackFileException">A file is missing or cannot be used.</exception>
    public static StackSettings Read(string projectDirectory, string stack, IEnumerable<string> secretKeys)
    {
        var secrets = secretKeys.ToHashSet(StringComparer.Ordinal);
        var config = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var project = ReadProject(Path.Combine(projectDirectory, ProjectFile), config, secrets);
        var holdSecrets = ReadStack(projectDirectory, stack, project, config);

        // Also where the stack gives a secret in plain text. What is empty is not set.
        var given = secrets.Where(key => config.TryGetValue(key, out var value) && value.Length > 0).Order(StringComparer.Ordinal);
        return new StackSettings
        {
            Project = project,
            Stack = stack,
            ProjectDirectory = Path.GetFullPath(projectDirectory),
            Config = config,
            SecretKeys = holdSecrets,
        }.WithSecrets(given);
    }

    private static string ReadProject(string path, SortedDictionary<string, string> config, HashSet<string> secrets)
    {
        if (!File.Exists(path))
        {
            throw new StackFileException($"{path} does not exist. Run this in the directory of the Pulumi project.");
        }

        var file = YamlFile.Read(path);
        var entries = file.Entries(file.Root, ProjectFile).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        if (entries.GetValueOrDefault("name") is not YamlScalarNode { Value: { Length: > 0 } name })
        {
            throw file.At(file.Root, "name is missing, expected the project's name.");
        }

        foreach (var (key, _, value) in entries.TryGetValue("config", out var typed) ? file.Entries(typed, "config") : [])
        {
            ReadDeclaration(file, FullKey(name, key), value, config, secrets);
        }

        return name;
    }

    /// <summary>One entry of the typed config: a value, or a mapping with its <c>default</c> and whether it is <c>secret</c>.</summary>
    private static void ReadDeclaration(
        YamlFile file, string key, YamlNode value, SortedDictionary<string, string> config, HashSet<string> secrets)
    {
        if (value is not YamlMappingNode declaration)
        {
            config[key] = new YamlValue(file, key).TextOf(value);
            return;
        }

        file.RequireKnown(declaration, $"config {key}", ["type", "description", "default", "value", "secret", "items"]);
        foreach (var (name, _, given) in file.Entries(declaration, key))
        {
            if (name is "default" or "value")
            {
                config[key] = new YamlValue(file, key).TextOf(given);
            }
            else if (name is "secret" && given is YamlScalarNode { Value: "true" })
            {
                secrets.Add(key);
            }
        }
    }

    /// <summary>Reads the stack's values and gives the keys of those that hold a secret, which is a token in its place already.</summary>
    private static List<string> ReadStack(string directory, string stack, string project, SortedDictionary<string, string> config)
    {
        var holdSecrets = new List<string>();
        var path = Path.Combine(directory, $"Pulumi.{stack}.yaml");
        if (stack.Length == 0 || stack.AsSpan().ContainsAny("/\\") || !File.Exists(path))
        {
            var known = StacksOf(directory);
            var nearest = NearestName.Of(stack, known);
            throw new StackFileException($"There is no stack \"{stack}\": Pulumi.{stack}.yaml does not exist. "
                + (known.Count == 0 ? "No stack has a file." : $"Stacks: {string.Join(", ", known)}.")
                + (nearest is null ? string.Empty : $" Did you mean {nearest}?"));
        }

        var file = YamlFile.Read(path);
        file.RequireKnown(file.Root, $"Pulumi.{stack}.yaml", StackKeys);
        var given = file.Entries(file.Root, "the stack").FirstOrDefault(entry => entry.Key == "config").Value;
        var entries = given is null ? [] : file.Entries(given, "config").ToList();
        RequireNamespaces(file, project, entries.Select(entry => entry.Key));
        foreach (var (name, _, value) in entries)
        {
            var key = FullKey(project, name);
            var reader = new YamlValue(file, key);
            config[key] = reader.TextOf(value);
            if (reader.HoldsSecret)
            {
                holdSecrets.Add(key);
            }
        }

        return holdSecrets;
    }

    // Pulumi refuses such a key ("could not parse … as a configuration key"), so a preview that took it would promise what up does not
    // keep.
    private static void RequireNamespaces(YamlFile file, string project, IEnumerable<string> names)
    {
        var bare = names.Where(name => !name.Contains(':', StringComparison.Ordinal)).ToList();
        if (bare.Count > 0)
        {
            throw file.At(
                file.Root,
                $"config {string.Join(", ", bare.Select(name => $"\"{name}\""))} "
                + $"{(bare.Count == 1 ? "has" : "have")} no namespace, expected "
                + $"{string.Join(", ", bare.Select(name => $"\"{project}:{name}\""))}: Pulumi refuses a key without one.");
        }
    }

    private static string FullKey(string project, string key) => key.Contains(':', StringComparison.Ordinal) ? key : $"{project}:{key}";
}
