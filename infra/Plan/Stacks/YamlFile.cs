using Candor.Contract;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Candor.Planning;

/// <summary>A YAML file with the places of its nodes, so that a mistake can be pointed at.</summary>
internal sealed class YamlFile
{
    private readonly string _path;

    private YamlFile(string path, YamlMappingNode root)
    {
        _path = path;
        Root = root;
    }

    /// <summary>The mapping that the file holds.</summary>
    internal YamlMappingNode Root { get; }

    /// <summary>Reads a file of one YAML document that is a mapping; an empty file is an empty mapping.</summary>
    /// <exception cref="StackFileException">It cannot be read or is something else.</exception>
    internal static YamlFile Read(string path)
    {
        var stream = new YamlStream();
        try
        {
            using var text = File.OpenText(path);
            stream.Load(text);
        }
        catch (YamlException exception)
        {
            throw new StackFileException(path, exception.End.Line, exception.End.Column, $"it is not YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StackFileException($"{path} cannot be read: {exception.Message}");
        }

        return (stream.Documents.Count, stream.Documents.FirstOrDefault()?.RootNode) switch
        {
            (0, _) => new(path, []),
            (1, YamlMappingNode mapping) => new(path, mapping),
            (1, { } other) =>
                throw new StackFileException(path, other.Start.Line, other.Start.Column, $"a {Kind(other)}, expected keys and values."),
            _ => throw new StackFileException($"{path} holds several YAML documents, expected one."),
        };
    }

    /// <summary>The text of a key.</summary>
    internal string KeyOf(YamlNode key) =>
        key is YamlScalarNode { Value: { } text } ? text : throw At(key, $"a {Kind(key)} as key, expected a text.");

    /// <summary>The entries of a mapping in the order of the file.</summary>
    internal IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Entries(YamlNode node, string what) => node switch
    {
        YamlMappingNode mapping => mapping.Children.Select(pair => (KeyOf(pair.Key), pair.Key, pair.Value)),
        YamlScalarNode { Value: null or "" } => [],
        _ => throw At(node, $"{what} is a {Kind(node)}, expected keys and values."),
    };

    /// <summary>Refuses keys that are not known, naming the nearest.</summary>
    internal void RequireKnown(YamlNode node, string what, IReadOnlyCollection<string> known)
    {
        foreach (var (key, keyNode, _) in Entries(node, what))
        {
            if (!known.Contains(key))
            {
                var nearest = NearestName.Of(key, known);
                throw At(keyNode, $"{what} has the unknown key \"{key}\"" + (nearest is null ? "." : $", did you mean {nearest}?"));
            }
        }
    }

    /// <summary>A mistake at a node.</summary>
    internal StackFileException At(YamlNode node, string message) => new(_path, node.Start.Line, node.Start.Column, message);

    /// <summary>What a node is, in words.</summary>
    internal static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "mapping",
        YamlSequenceNode => "list",
        _ => "plain value",
    };
}
