using System.Text.Json;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Cli.Local;

/// <summary>
/// <c>candor:local</c> of a stack file: what stands for an image on every developer's machine. A text is a path (project, built .dll or
/// published folder); an object has one of <c>project</c>, <c>folder</c> and <c>command</c>, and for a command <c>user</c>. Paths are
/// relative to the stack file. With <c>connection</c> the key is a dependency that the stack does not make: how the service reaches it here,
/// with <c>{host}</c> and <c>{port}</c> filled in, and optionally the <c>command</c> that starts it.
/// </summary>
internal static class StackPrograms
{
    private const string Key = $"{ConfigKeys.Namespace}:local";
    private const string Example = "{ \"ghcr.io/acme/todo\": { project: ../todo/Todo.Api.csproj } }";

    private static readonly string[] Paths = ["project", "folder"];

    /// <summary>Image to program; empty where the stack says nothing.</summary>
    /// <exception cref="UsageException">It cannot be used; the message names the image.</exception>
    /// <exception cref="StackFileException">The stack's file is missing or cannot be used.</exception>
    internal static IReadOnlyDictionary<string, ProgramChoice> Of(string projectDirectory, string stack)
    {
        var programs = new Dictionary<string, ProgramChoice>(StringComparer.Ordinal);
        if (StackFiles.Read(projectDirectory, stack, []).Config.GetValueOrDefault(Key) is not { Length: > 0 } text)
        {
            return programs;
        }

        using var json = Parse(stack, text);
        foreach (var image in json.RootElement.EnumerateObject())
        {
            programs[image.Name] = Choice(stack, image);
        }

        return programs;
    }

    private static JsonDocument Parse(string stack, string text)
    {
        try
        {
            var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw Problem(stack, $"{Key} is {text}; expected an object such as {Example}");
        }
        catch (JsonException)
        {
            throw Problem(stack, $"{Key} is \"{text}\"; expected an object such as {Example}");
        }
    }

    private static ProgramChoice Choice(string stack, JsonProperty image)
    {
        if (image.Value.ValueKind == JsonValueKind.String && image.Value.GetString() is { Length: > 0 } path)
        {
            return new(path, IsCommand: false, User: null);
        }

        var parts = image.Value.ValueKind == JsonValueKind.Object ? Parts(stack, image) : [];
        var paths = Paths.Where(parts.ContainsKey).ToList();
        return (paths, parts.GetValueOrDefault("command")) switch
        {
            ([var kind], null) => new(parts[kind], IsCommand: false, User: null),
            ([], { } command) => new(command, IsCommand: true, parts.GetValueOrDefault("user")) { Connection = parts.GetValueOrDefault("connection") },
            ([], null) when parts.TryGetValue("connection", out var connection) => new(string.Empty, IsCommand: false, User: null) { Connection = connection },
            _ => throw Problem(stack, $"{Key} of {image.Name} is {image.Value.GetRawText()}; expected one of project, folder and command, such as {Example}"),
        };
    }

    private static Dictionary<string, string> Parts(string stack, JsonProperty image)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in image.Value.EnumerateObject())
        {
            if (part.Name is not ("project" or "folder" or "command" or "user" or "connection"))
            {
                throw Problem(stack, $"{Key} of {image.Name} has the unknown key '{part.Name}'; known: project, folder, command, user, connection");
            }

            parts[part.Name] = part.Value.ValueKind == JsonValueKind.String && part.Value.GetString() is { Length: > 0 } text
                ? text
                : throw Problem(stack, $"{part.Name} in {Key} of {image.Name} is {part.Value.GetRawText()}; expected a text");
        }

        return parts;
    }

    private static UsageException Problem(string stack, string what) => new($"Pulumi.{stack}.yaml: {what}.");
}
