using System.Globalization;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Library;

/// <summary>The packages, made from this build into a folder, and a place outside the tree for apps that use them.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private static readonly string[] Projects = ["Contract", "Health", "Health.Postgres", "Health.Redis", "Health.RabbitMq"];
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
    private readonly string _folder = Directory.CreateTempSubdirectory("candor-packages-").FullName;

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder with the packages.</summary>
    public string Packages => Path.Combine(_folder, "feed");

    /// <summary>A new folder for one app.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N")[..8])).FullName;

    /// <summary>Runs a program there, with nothing of the test host's environment that would steer the SDK.</summary>
    public TestProcess Start(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => !name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase))
            .Where(name => !name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_ROOT" or "DOTNET_CLI_HOME")
            .Where(name => !name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("CANDOR_", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!);
        all["NUGET_PACKAGES"] = Path.Combine(_folder, "cache");
        all["DOTNET_NOLOGO"] = all["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        all["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return TestProcess.Start(program, arguments, all, directory);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public async Task<string> RunAsync(string program, IEnumerable<string> arguments, string directory)
    {
        await using var process = Start(program, arguments, directory);
        return await process.WaitForExitAsync(TimeSpan.FromMinutes(5)) == 0
            ? process.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{process.Output}");
    }

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        // A version that no cache has seen.
        var version = string.Create(CultureInfo.InvariantCulture, $"0.1.{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}");
        foreach (var project in Projects)
        {
            var file = Path.Combine(Root, "app", project, project + ".csproj");
            await RunAsync("dotnet", ["pack", file, "-c", Configuration, "--no-build", "-v", "quiet", $"-p:Version={version}", "-o", Packages], Root);
        }

        // What this machine has restored already is a feed too; so nothing is asked of the network.
        var restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="candor" value="{Packages}" />
                <add key="restored" value="{restored}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <inheritdoc />
    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Stack.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
