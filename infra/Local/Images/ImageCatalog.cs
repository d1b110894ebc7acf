using System.Collections.Concurrent;

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
    public string? Digest(string image) =>
        programs.TryGetValue(ImageName.Repository(image), out var program)
            ? _digests.GetOrAdd(program.Assembly, assembly => DotnetImage.DigestOf(Folder(assembly)))
            : null;

    /// <summary>The program of an image, in the version that <see cref="Digest"/> told.</summary>
    /// <exception cref="LocalException">Nothing on this machine stands for it.</exception>
    public ContainerImage Resolve(string image)
    {
        var repository = ImageName.Repository(image);
        if (programs.TryGetValue(repository, out var program))
        {
            return new DotnetImage(program.Assembly, Path.Combine(imageDirectory, repository, Digest(image)!));
        }

        return _system.TryGetValue(repository, out var system)
            ? system
            : throw new LocalException(
                $"Nothing on this machine stands for the image '{image}'. Known are {string.Join(", ", programs.Keys.Concat(_system.Keys).Order(StringComparer.Ordinal))}.");
    }

    private static string Folder(string assembly) =>
        File.Exists(assembly)
            ? Path.GetDirectoryName(Path.GetFullPath(assembly))!
            : throw new LocalException($"The program {assembly} is not built. Build it with: dotnet build {Path.GetFileNameWithoutExtension(assembly)}");
}
