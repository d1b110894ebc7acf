using System.Runtime.Versioning;
using Candor.Infra.Tests.Program;
using Candor.Testing.Privileges;
using Candor.Testing.Processes;

namespace Candor.Infra.Tests.Cli;

/// <summary>The script in front of the command: what it does to the machine, it undoes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests : IDisposable
{
    private const string Foreign = "#!/bin/sh\n# somebody else's\nexit 0\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-test-");

    private string Policy => Path.Combine(_folder.FullName, "policy-rc.d");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Policy_forbids_services_while_packages_are_installed_and_is_gone_afterwards()
    {
        var (exitCode, output) = await InstallAsync("cat \"$POLICY\"; sh \"$POLICY\"; echo code $?");

        Assert.Equal(0, exitCode);
        Assert.Contains("code 101", output, StringComparison.Ordinal);
        Assert.Equal(["apt-get"], Left());
    }

    [Fact]
    public async Task Policy_of_somebody_else_comes_back_as_it_was()
    {
        await File.WriteAllTextAsync(Policy, Foreign);

        var (exitCode, output) = await InstallAsync("sh \"$POLICY\"; echo code $?");

        Assert.Equal(0, exitCode);
        Assert.Contains("code 101", output, StringComparison.Ordinal);
        Assert.Equal(Foreign, await File.ReadAllTextAsync(Policy));
    }

    [Fact]
    public async Task Policy_comes_back_when_the_installation_fails()
    {
        await File.WriteAllTextAsync(Policy, Foreign);

        var (exitCode, _) = await InstallAsync("exit 100");

        Assert.Equal(100, exitCode);
        Assert.Equal(Foreign, await File.ReadAllTextAsync(Policy));
    }

    [Theory]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Policy_comes_back_when_the_installation_is_interrupted(string signal, int exitCode)
    {
        await File.WriteAllTextAsync(Policy, Foreign);

        // Whoever interrupts reaches the script and what it runs.
        var (code, _) = await InstallAsync($"kill -{signal} $PPID; exit 1");

        Assert.Equal(exitCode, code);
        Assert.Equal(Foreign, await File.ReadAllTextAsync(Policy));
    }

    [Fact]
    public async Task Policy_that_a_killed_installation_left_is_undone_by_the_next()
    {
        await File.WriteAllTextAsync(Policy, Foreign);
        await InstallAsync("kill -KILL $PPID");
        Assert.NotEqual(Foreign, await File.ReadAllTextAsync(Policy));

        await InstallAsync("exit 0");

        Assert.Equal(Foreign, await File.ReadAllTextAsync(Policy));
        Assert.Equal(["apt-get", "policy-rc.d"], Left());
    }

    [RootFact]
    public async Task Root_is_reported_what_is_going_to_be_installed_before_it_is()
    {
        // The programs it looks for are there or not, as the machine has it; that one is missing is for the script's own test to say.
        var (_, output) = await RunAsync("missing_monitoring() { echo an-example; }; want_monitoring", "echo RUNS");

        var told = output.IndexOf("apt-get install -y --no-install-recommends an-example", StringComparison.Ordinal);
        Assert.True(told >= 0 && told < output.IndexOf("installing an-example", StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData("\\033[31mred\\n", "[31mred")]
    [InlineData("a\\342\\200\\256b\\n", "ab")]
    [InlineData("a\\302\\233b\\n", "ab")]
    public async Task Compiler_output_is_shown_without_what_steers_a_terminal(string printed, string shown)
    {
        var (_, output) = await RunAsync($"printf '{printed}' | plain", "exit 0");

        Assert.Equal(shown, output);
    }

    private IEnumerable<string?> Left() =>
        Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private Task<(int ExitCode, string Output)> InstallAsync(string packageManager) =>
        RunAsync("install_packages an-example", packageManager);

    /// <summary>Reads the script, puts a package manager of the test's in front of the system's, and runs one of its functions.</summary>
    private async Task<(int ExitCode, string Output)> RunAsync(string call, string packageManager)
    {
        var program = Path.Combine(_folder.FullName, "apt-get");
        await File.WriteAllTextAsync(program, $"#!/bin/bash\n[ \"$1\" != update ] || exit 0\n{packageManager}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        var script = $"source '{Path.Combine(RepositoryFile.Root, "candor")}'; policy=$POLICY; {call}";
        // What a script started in its background inherits an ignored SIGINT.
        await using var process = TestProcess.Start(
            "env",
            ["--default-signal=INT", "bash", "-c", script],
            new Dictionary<string, string>
            {
                ["POLICY"] = Policy,
                ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
                ["HOME"] = _folder.FullName,
            });
        return (await process.WaitForExitAsync(), process.Output);
    }
}
