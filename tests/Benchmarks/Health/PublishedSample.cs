using System.Runtime.InteropServices;
using Candor.Testing.Processes;
using Candor.Testing.Servers;

namespace Candor.Benchmarks;

/// <summary>The sample app as it would be deployed: published, compiled ahead of time (ReadyToRun) as production images are.</summary>
internal sealed class PublishedSample : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    /// <summary>The assembly to run.</summary>
    public string Assembly => Path.Combine(_directory.Path, "out", "Candor.SampleApp.dll");

    public static async Task<PublishedSample> MakeAsync()
    {
        var sample = new PublishedSample();
        var environment = new[] { "HOME", "NUGET_PACKAGES", "DOTNET_CLI_HOME" }
            .Where(name => Environment.GetEnvironmentVariable(name) is not null)
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!);
        await using var publish = TestProcess.Start(
            "dotnet",
            [
                "publish", Path.Combine(
                    Root(), "tests", "SampleApp", "SampleApp.csproj"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
                "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", Path.Combine(sample._directory.Path, "out"), "--nologo",
                "-v", "quiet",
            ],
            environment,
            Root());
        return await publish.WaitForExitAsync(TimeSpan.FromMinutes(10)) == 0
            ? sample
            : throw new InvalidOperationException($"The sample app cannot be published:\n{publish.Output}");
    }

    public void Dispose() => _directory.Dispose();

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Stack.sln")))
        {
            directory = directory.Parent
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not within the repository.");
        }

        return directory.FullName;
    }
}
