using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Candor.Local;

/// <summary>
/// A .NET program of one's own. Its folder is copied once per content, as an image is immutable: a build while it runs changes
/// nothing until the next rollout.
/// </summary>
internal sealed class DotnetImage(string assembly, string copy) : ContainerImage
{
    /// <inheritdoc />
    public override bool IsSystemProgram => false;

    /// <summary>Tells two builds apart. Symbols are copied, for debuggers and the lines of stack traces, but make no other image.</summary>
    public static string DigestOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(folder).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>The variable of the token that the management port wants from elsewhere.</summary>
    public const string ManagementTokenVariable = "CANDOR_MANAGEMENT_TOKEN";

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        Copy(Path.GetDirectoryName(Path.GetFullPath(assembly))!);
        OwnedFolder.Open(context.DataDirectory, User).Dispose();
        var environment = BaseEnvironment(context);
        environment["CANDOR_SPEED"] = context.Speed.ToString(CultureInfo.InvariantCulture);
        environment["DOTNET_NOLOGO"] = "1";

        // What the supervisor drains a pod with: it is not the pod itself where pods have networks of their own, and the Plan's token is a
        // placeholder.
        environment[ManagementTokenVariable] = context.RunId;
        environment["DOTNET_PrintTelemetryMessage"] = "0";
        if (!context.OwnNetwork)
        {
            environment["CANDOR_BIND"] = Bound(environment.GetValueOrDefault("CANDOR_BIND"), context.Address).ToString();
        }

        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            environment["DOTNET_ROOT"] = root;
        }

        // A service in another language has a script that starts it.
        var program = Path.Combine(copy, Path.GetFileName(assembly));
        var isAssembly = Path.GetExtension(program) == ".dll";
        return Task.FromResult(new ProcessStart
        {
            Program = isAssembly ? SystemPrograms.Require("dotnet") : program,
            Arguments = isAssembly ? [program, .. context.Container.Args] : context.Container.Args,
            Environment = environment,
            WorkingDirectory = copy,
        });
    }

    /// <summary>
    /// The pod's address; for a server that the Plan binds to loopback an address that no prober asks, as nobody reaches a pod's loopback
    /// address from outside.
    /// </summary>
    internal static IPAddress Bound(string? wanted, IPAddress address)
    {
        if (wanted is null || !(wanted == "localhost" || (IPAddress.TryParse(wanted, out var parsed) && IPAddress.IsLoopback(parsed))))
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes[2] += 50;
        return new(bytes);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories);

    /// <summary>Through a temporary name, so that a copy that was interrupted is never taken for a whole one.</summary>
    private void Copy(string folder)
    {
        if (Directory.Exists(copy))
        {
            return;
        }

        var partial = $"{copy}.{Guid.NewGuid():N}";
        foreach (var file in Files(folder))
        {
            var target = Path.Combine(partial, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        try
        {
            Directory.Move(partial, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            // Another replica was faster; its copy is the same.
            Directory.Delete(partial, recursive: true);
        }
    }
}
