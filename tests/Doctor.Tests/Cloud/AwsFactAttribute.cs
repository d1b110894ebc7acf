using System.Diagnostics;

namespace Candor.Doctor.Tests.Cloud;

/// <summary>A test with the real <c>aws</c> command; says why it is skipped where none works.</summary>
public sealed class AwsFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Found = new(Find);

    public AwsFactAttribute()
    {
        if (Found.Value is null)
        {
            Skip = "No aws command works here; install it with: sudo apt-get install awscli";
        }
    }

    /// <summary>The command. The first in PATH may be a shim that only says that nothing is installed.</summary>
    internal static string Program => Found.Value ?? throw new InvalidOperationException("There is no aws command.");

    // The distribution's own first: newer ones speak to CloudWatch in CBOR, which the endpoint of the tests does not know.
    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Prepend("/usr/local/bin").Prepend("/usr/bin").Distinct()
        .Select(folder => Path.Combine(folder, "aws")).Where(File.Exists).FirstOrDefault(Works);

    private static bool Works(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return process.WaitForExit(60_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
