using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace Candor.Program.Dependencies.InCluster;

/// <summary>How one program is run: its image's settings, where it writes, and how it is probed.</summary>
internal sealed record Recipe
{
    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Size of its volume.</summary>
    public required string Storage { get; init; }

    /// <summary>The numeric user and group of the image's program; the images start as root by default.</summary>
    public required int User { get; init; }

    /// <summary>Where its data is.</summary>
    public required string DataPath { get; init; }

    /// <summary>Arguments in place of the image's, with <c>$(NAME)</c> for environment variables.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables that are no secret.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A file that holds the password, or null.</summary>
    public SecretFile? SecretFile { get; init; }

    /// <summary>Environment variables that hold the password.</summary>
    public required IReadOnlyList<string> PasswordVariables { get; init; }

    /// <summary>Further paths it writes to; the rest of the file system is read-only.</summary>
    public IReadOnlyList<string> ScratchPaths { get; init; } = ["/tmp"];

    /// <summary>Ports beside the one that clients dial: name to number.</summary>
    public IReadOnlyDictionary<string, int> FurtherPorts { get; init; } = new Dictionary<string, int>();

    /// <summary>The readiness probe, without its numbers.</summary>
    public required Func<ProbeArgs> Readiness { get; init; }

    /// <summary>The liveness probe.</summary>
    public required Func<ProbeArgs> Liveness { get; init; }

    /// <summary>Memory reserved and allowed.</summary>
    public required string Memory { get; init; }

    /// <summary>CPU reserved.</summary>
    public required string Cpu { get; init; }
}

/// <summary>A file of the container, made of the password.</summary>
/// <param name="Name">Its name, and its key in the Secret.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Content">Its text for a password.</param>
internal sealed record SecretFile(string Name, string Folder, Func<string, string> Content);
