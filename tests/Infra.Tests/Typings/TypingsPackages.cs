using System.Security.Cryptography;

namespace Candor.Infra.Tests.Typings;

/// <summary>
/// The npm packages of tests/typings, installed once per lock file under <c>.candor/typings</c>; two runs at once do not disturb
/// each other.
/// </summary>
internal static class TypingsPackages
{
    private static readonly string[] Files = ["package.json", "package-lock.json", ".npmrc"];

    /// <summary>The folder with <c>node_modules</c>, installed if it is not there yet.</summary>
    /// <exception cref="TypingsUnavailableException">npm is missing or cannot reach its registry.</exception>
    internal static async Task<string> InstallAsync(string projectDirectory, CancellationToken cancellationToken)
    {
        var typings = Path.Combine(projectDirectory, "tests", "typings");
        var lockFile = await ReadLockAsync(Path.Combine(typings, Files[1]), cancellationToken).ConfigureAwait(false);
        var cache = Path.Combine(projectDirectory, ".candor", "typings");
        var installed = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16]);
        if (Directory.Exists(installed))
        {
            return installed;
        }

        var fresh = Directory.CreateDirectory(Path.Combine(cache, $"installing-{Guid.NewGuid():n}")).FullName;
        try
        {
            foreach (var file in Files)
            {
                File.Copy(Path.Combine(typings, file), Path.Combine(fresh, file));
            }

            await NpmInstallAsync(fresh, cancellationToken).ConfigureAwait(false);
            Publish(fresh, installed);
            return installed;
        }
        finally
        {
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }
    }

    private static async Task<byte[]> ReadLockAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw new TypingsUnavailableException($"The typings check needs {path}, which is not there: run it in the repository.");
        }
    }

    private static async Task NpmInstallAsync(string directory, CancellationToken cancellationToken)
    {
        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
        var (exitCode, _, error) = await NodeTool.RunAsync("npm", arguments, directory, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            var reason = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
                ?? $"exit code {exitCode}";
            throw new TypingsUnavailableException(
                $"The typings check could not install its npm packages ({reason}). Check that npm reaches its registry: npm ping");
        }
    }

    // Whoever is first has the name; the packages are the same.
    private static void Publish(string fresh, string installed)
    {
        try
        {
            Directory.Move(fresh, installed);
        }
        catch (IOException) when (Directory.Exists(installed))
        {
            return;
        }
    }
}
