using System.Globalization;
using Candor.Health.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Candor.Health.Checks;

/// <summary>Whether enough of the disk is free for the app to keep writing.</summary>
internal sealed class DiskCheck(DiskPath path, double minimumFree) : IHealthCheck
{
    /// <summary>Its name among the checks.</summary>
    public const string Name = "disk";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var disk = new DriveInfo(path.Path);
        var free = disk.TotalSize == 0 ? 1 : (double)disk.AvailableFreeSpace / disk.TotalSize;
        return Task.FromResult(free < minimumFree
            ? CheckResults.Failed(context, Reason.Disk, $"{Percent(free)} of {path.Path} is free, at least {Percent(minimumFree)} must be")
            : HealthCheckResult.Healthy());
    }

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

/// <summary>A directory on the disk that the app writes to.</summary>
/// <param name="Path">The directory.</param>
internal sealed record DiskPath(string Path)
{
    /// <summary>The environment variable that names the directory; without it, the one for temporary files.</summary>
    public const string Variable = "CANDOR_DISK";

    /// <exception cref="InvalidSettingException">There is no such directory.</exception>
    public static DiskPath Parse(string? text)
    {
        var path = string.IsNullOrEmpty(text) ? System.IO.Path.GetTempPath() : text;
        return Directory.Exists(path)
            ? new(path)
            : throw new InvalidSettingException(Variable, $"\"{path}\"", "a directory that exists", "Create it, or name one on the disk that the app writes to.");
    }
}
