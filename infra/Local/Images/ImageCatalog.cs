using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Candor.Local;

/// <summary>Which program stands for which image.</summary>
internal sealed class ImageCatalog(IReadOnlyDictionary<string, LocalProgram> programs, string imageDirectory)
{
    private readonly ConcurrentDictionary<string, ContainerImage> _system = new(StringComparer.Ordinal)
    {
        ["postgres"] = new PostgresImage(),
        ["postgresql"] = new PostgresImage(),
        ["redis"] = new RedisImage(),
        ["valkey"] = new RedisImage(),
        ["rabbitmq"] = new RabbitMqImage(),
    };

    private readonly ConcurrentDictionary<string, string> _digests = new(StringComparer.Ordinal);

    /// <summary>The content of an image of one's own, or null for one that does not change.</summary>
    public string? Digest(string image) => Program(image) switch
    {
        null => null,
        { Command: { } command } program => DigestOf($"{program.User}:{command}"),
        var program => _digests.GetOrAdd(program.Assembly, assembly => DotnetImage.DigestOf(Folder(assembly))),
    };

    /// <summary>The program of an image, in the version of <see cref="Digest"/>.</summary>
    /// <exception cref="LocalException">Nothing on this machine stands for it.</exception>
    public ContainerImage Resolve(string image) => Program(image) switch
    {
        { Command: { } command, User: var user } => new CommandImage(command, user),
        { } program => new DotnetImage(program.Assembly, Path.Combine(imageDirectory, ImageName.Last(image), Digest(image)!)),
        null when _system.TryGetValue(ImageName.Last(image), out var system) => system,
        _ => throw new LocalException($"""
            Nothing on this machine stands for the image '{image}'. Known are {string.Join(", ", programs.Keys.Concat(_system.Keys).Distinct().Order(StringComparer.Ordinal))}.
            Say what does, once; it is remembered in candor.local.yaml:
              ./candor up --program {Quoted.Word(ImageName.Last(image))}=PROGRAM
            PROGRAM is a project (../Todo.Api/Todo.Api.csproj), a built assembly (.dll), a published folder, or a command in quotes ('node server.js').
            """),
    };

    private LocalProgram? Program(string image) =>
        programs.GetValueOrDefault(ImageName.Repository(image)) ?? programs.GetValueOrDefault(ImageName.Last(image));

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private static string Folder(string assembly) =>
        File.Exists(assembly)
            ? Path.GetDirectoryName(Path.GetFullPath(assembly))!
            : throw new LocalException(
                $"The program {assembly} is not built. Build it with: dotnet build {Path.GetFileNameWithoutExtension(assembly)}");
}

/// <summary>Image references.</summary>
internal static class ImageName
{
    /// <summary>
    /// Without tag and digest: <c>registry.example:5000/candor/orders</c> for <c>registry.example:5000/candor/orders:1.2@sha256:…</c>.
    /// </summary>
    public static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var tag = name.LastIndexOf(':');
        return tag > name.LastIndexOf('/') ? name[..tag] : name;
    }

    /// <summary>The last part of the repository: <c>orders</c>.</summary>
    public static string Last(string image) => Repository(image).Split('/')[^1];
}
