using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using Candor.EndToEnd.Tests.Stack;
using Candor.Testing.Network;
using Candor.Testing.Privileges;
using Candor.Testing.Processes;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>The whole of <c>./candor up</c> as a user without any right: made for the test, and removed with it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnprivilegedUserTests : IAsyncLifetime
{
    private const string SystemFolder = "/var/lib/rabbitmq";
    private readonly string _user = string.Create(CultureInfo.InvariantCulture, $"candor-{Environment.ProcessId % 100_000}");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-user-");

    /// <summary>With a blank in it, as users' folders have.</summary>
    private string Home => Path.Combine(_folder.FullName, "a home");

    private string Checkout => Path.Combine(Home, "candor");

    public async Task InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        _folder.UnixFileMode = (UnixFileMode)0b111_101_101;
        await TestProcess.RunAsync("useradd", "--home-dir", Home, "--create-home", "--shell", "/bin/bash", _user);
        // What the command runs: itself, the stack's files, and the builds of the two programs.
        await TestProcess.RunAsync(
            "bash", "-c", "mkdir \"$2\" && cd \"$1\" && cp -a --parents \"${@:3}\" \"$2\"", "bash", Repository.Root, Checkout,
            "candor", ".feed", "Pulumi.yaml", "Pulumi.dev.yaml", "global.json", ".editorconfig", "Directory.Build.props",
            "infra/Cli/bin/Release", "app/Orders/bin/Release");
        File.Copy(Path.Combine(Checkout, ".feed"), Path.Combine(Checkout, "infra/Cli/bin/.built"), overwrite: true);
        File.SetLastWriteTimeUtc(Path.Combine(Checkout, "infra/Cli/bin/.built"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        await TestProcess.RunAsync("chown", "-R", $"{_user}:{_user}", Home);
    }

    public async Task DisposeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var removed = Process.Start("userdel", ["--force", _user]);
            await removed.WaitForExitAsync();
        }

        _folder.Delete(recursive: true);
    }

    [RootFact]
    public async Task User_without_rights_brings_the_whole_stack_up_and_down_and_touches_nothing_of_the_system()
    {
        var before = Snapshot();
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());

        var (up, said) = await RunAsync("up", "--detach", "--speed", "4", "--listen", listen.ToString());
        Assert.True(up == 0, said);
        var (status, table) = await RunAsync("status");
        Assert.True(status == 0, table);
        Assert.Contains("is healthy", table, StringComparison.Ordinal);
        Assert.Contains("queue-0", table, StringComparison.Ordinal);
        using (var http = new HttpClient { BaseAddress = new Uri($"http://{listen}") })
        {
            using var order = await http.PostAsync(
                "/orders", new StringContent("{\"item\":\"book\",\"quantity\":1}", null, "application/json"));
            Assert.Equal(HttpStatusCode.Created, order.StatusCode);
        }

        var (down, ended) = await RunAsync("down");
        Assert.True(down == 0, ended);
        Assert.Equal(before, Snapshot());
        Assert.Empty(OwnedProcesses());
    }

    [RootFact]
    public async Task Build_of_another_user_is_used_as_it_is_and_said_to_be_old_when_it_is()
    {
        var (lint, said) = await RunAsAsync("nobody", "nogroup", "/nonexistent", "lint");
        Assert.True(lint == 0, said);

        var source = Directory.CreateDirectory(Path.Combine(Checkout, "app", "Orders")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "New.cs"), "// newer than the build\n");
        File.SetLastWriteTimeUtc(Path.Combine(source, "New.cs"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(2));
        var (old, why) = await RunAsAsync("nobody", "nogroup", "/nonexistent", "lint");

        Assert.Equal(2, old);
        Assert.Contains($"it belongs to {_user}", why, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^\s+at [\w.<>]+\(|error [A-Z]+\d+", why);
    }

    private static string[] Snapshot() => Directory.Exists(SystemFolder)
        ? [.. Directory.EnumerateFileSystemEntries(SystemFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    private string[] OwnedProcesses()
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["-u", _user, "-o", "stat=,args="]) { RedirectStandardOutput = true })!;
        // A dead one that nobody has collected is no process any more.
        return [
            .. list.StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.TrimStart().StartsWith('Z'))];
    }

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsAsync(_user, _user, Home, arguments);

    private async Task<(int ExitCode, string Output)> RunAsAsync(string user, string group, string home, params string[] arguments)
    {
        await using var process = TestProcess.Start(
            "setpriv",
            [$"--reuid={user}", $"--regid={group}", "--clear-groups", "--", Path.Combine(Checkout, "candor"), .. arguments],
            new Dictionary<string, string> { ["HOME"] = home },
            Checkout);
        return (await process.WaitForExitAsync(RunningStack.Limit), process.Output);
    }
}
