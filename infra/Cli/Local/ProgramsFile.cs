using System.Text;
using Spectre.Console;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Candor.Cli.Local;

/// <summary>
/// <c>candor.local.yaml</c>: what stands for the stack's images on this machine, as set with <c>--program</c> or by hand. It
/// is this machine's alone, and git-ignored.
/// </summary>
internal sealed class ProgramsFile(string projectDirectory)
{
    private const string Name = "candor.local.yaml";

    private static readonly string[] Keys = ["programs", "stack"];

    internal string Location { get; } = Path.Combine(projectDirectory, Name);

    /// <summary>The stack that runs on this machine, or null where none is remembered.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    internal string? Stack() => Load() is { } root && Entries(root, "the file", Keys).FirstOrDefault(entry => entry.Key == "stack").Value is { } stack
        ? Text("the file", "stack", stack)
        : null;

    /// <summary>What is remembered: image to program, relative paths relative to the file.</summary>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    internal IReadOnlyDictionary<string, ProgramChoice> Read() =>
        Load() is { } root ? Programs(root) : new Dictionary<string, ProgramChoice>();

    private YamlNode? Load()
    {
        if (!File.Exists(Location))
        {
            return null;
        }

        try
        {
            var yaml = new YamlStream();
            using var text = new StringReader(File.ReadAllText(Location));
            yaml.Load(text);
            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
        }
        catch (YamlException exception)
        {
            throw new UsageException($"{Location}, line {exception.Start.Line}: it is no YAML: {exception.Message}");
        }
    }

    /// <summary>Remembers what was said. Where the folder cannot be written it says so and goes on.</summary>
    internal void Remember(CliContext context, string? stack, IReadOnlyDictionary<string, ProgramChoice> programs)
    {
        var text = new StringBuilder("# What runs on this machine. Written by ./candor init and ./candor up (--stack, --program); yours to change.\n");
        if (stack is not null)
        {
            text.Append("stack: ").Append(Scalar(stack)).Append('\n');
        }

        text.Append(programs.Count > 0 ? "programs:\n" : string.Empty);
        foreach (var (image, choice) in programs.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append("  ")
                .Append(Scalar(image))
                .Append(
                    choice.IsCommand || choice.User is not null
                        ? $":\n    {(choice.IsCommand ? "command" : "path")}: {Scalar(choice.Text)}\n"
                        : $": {Scalar(choice.Text)}\n");
            if (choice.User is { } user)
            {
                text.Append("    user: ").Append(Scalar(user)).Append('\n');
            }
        }

        try
        {
            File.WriteAllText(Location, text.ToString());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"{Location} cannot be written, so what was chosen is not remembered: {exception.Message}");
        }
    }

    private static string Scalar(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private Dictionary<string, ProgramChoice> Programs(YamlNode root)
    {
        var programs = new Dictionary<string, ProgramChoice>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(root, "the file", Keys).Where(entry => entry.Key == "programs"))
        {
            foreach (var (image, program) in Entries(value, key))
            {
                programs[image] = Choice(image, program);
            }
        }

        return programs;
    }

    private ProgramChoice Choice(string image, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } path })
        {
            return new(path, IsCommand: false, User: null);
        }

        var parts = Entries(node, image, "path", "command", "user").ToDictionary(
            entry => entry.Key, entry => Text(image, entry.Key, entry.Value), StringComparer.Ordinal);
        return (parts.GetValueOrDefault("path"), parts.GetValueOrDefault("command")) switch
        {
            ({ } project, null) => new(project, IsCommand: false, parts.GetValueOrDefault("user")),
            (null, { } command) => new(command, IsCommand: true, parts.GetValueOrDefault("user")),
            _ =>
                throw Problem(
                    node, $"{image} has {(parts.ContainsKey("path") ? "both" : "neither")} path and command; expected one of them"),
        };
    }

    private string Text(string image, string key, YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Problem(node, $"{key} of {image} is no text; expected one");

    private IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string what, params string[] known)
    {
        if (node is not YamlMappingNode mapping)
        {
            throw Problem(
                node, $"{what} is no mapping; expected programs: with an entry an image, such as orders: ../Orders/Orders.csproj");
        }

        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw Problem(key, "a key is no text");
            if (known.Length > 0 && !known.Contains(name))
            {
                throw Problem(key, $"unknown key '{name}' in {what}; known: {string.Join(", ", known)}");
            }

            yield return (name, value);
        }
    }

    private UsageException Problem(YamlNode node, string what) => new($"{Location}, line {node.Start.Line}: {what}.");
}

/// <summary>What a person chose for an image.</summary>
/// <param name="Text">A path, or a command line.</param>
/// <param name="IsCommand">Which of them.</param>
/// <param name="User">Whom a command runs as where the supervisor is root.</param>
internal sealed record ProgramChoice(string Text, bool IsCommand, string? User)
{
    /// <summary>The connection string of a dependency, whose name then stands for the image; null for an image.</summary>
    public string? Connection { get; init; }
}
