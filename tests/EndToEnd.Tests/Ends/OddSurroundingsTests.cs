using System.Net;
using System.Runtime.Versioning;
using Candor.EndToEnd.Tests.Stack;
using Candor.Local;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.EndToEnd.Tests.Ends;

/// <summary>Whatever the command is started in, a person gets a result or a sentence, and never a stack trace.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OddSurroundingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor odd ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("preview")]
    [InlineData("lint")]
    [InlineData("--help")]
    [InlineData("preview --json -")]
    public async Task Full_standard_output_is_reported_and_fails(string verb)
    {
        var (exitCode, output) = await ShellAsync($"candor {verb} > /dev/full");

        Assert.Equal(2, exitCode);
        Assert.Equal("Standard output cannot be written: No space left on device", output);
    }

    [Fact]
    public async Task Full_standard_error_changes_no_exit_code()
    {
        var (exitCode, output) = await ShellAsync("candor lint no-such-stack 2> /dev/full");

        Assert.Equal((2, string.Empty), (exitCode, output));
    }

    [Fact]
    public async Task Reader_that_had_enough_changes_no_exit_code()
    {
        var (exitCode, output) = await ShellAsync("set -o pipefail; candor preview | head -1; echo ${PIPESTATUS[0]}");

        Assert.Equal(0, exitCode);
        Assert.EndsWith("\n0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Broken pipe", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_a_log_ends_with_its_reader()
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder.FullName, "state", "logs"));
        var log = Path.Combine(logs.FullName, "pod.log");
        await File.WriteAllTextAsync(log, "first\n");
        var state = Quoted.Word(Path.Combine(_folder.FullName, "state"));
        await using var process = Start($"set -o pipefail; candor logs pod --follow --state {state} | head -1");
        while (process.Output != "first")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        // The next line is the one that finds nobody.
        await File.AppendAllTextAsync(log, "second\n");

        Assert.Equal(0, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task Pipe_as_plan_is_read_when_somebody_writes_and_refused_when_nobody_does()
    {
        var fifo = Quoted.Word(Path.Combine(_folder.FullName, "plan.json"));

        var (refused, told) = await ShellAsync($"mkfifo {fifo}; candor lint {fifo}");
        Assert.Equal(2, refused);
        Assert.Contains("no process opened it for writing within 5 s", told, StringComparison.Ordinal);

        var (read, output) = await ShellAsync("candor lint <(candor preview --json -)");
        Assert.True(read == 0, output);
    }

    [Theory]
    [InlineData("env -u HOME -u TERM")]
    [InlineData("env HOME=/proc TERM=dumb")]
    [InlineData("env HOME=/nowhere/at/all COLUMNS=1 LINES=1 TERM=xterm")]
    public async Task Home_and_terminal_may_be_missing(string environment)
    {
        foreach (var verb in new[] { "preview", "lint", "help", "logs" })
        {
            var (exitCode, output) = await ShellAsync($"{environment} bash -c 'source \"$0\"; candor {verb}' \"$FUNCTIONS\"");

            Assert.True(exitCode == 0, $"{verb}: {output}");
        }
    }

    [Fact]
    public async Task Two_at_once_in_one_folder_are_one_stack_and_one_sentence()
    {
        var state = Path.Combine(_folder.FullName, "state");
        string[] arguments =
        [
            "up",
            "--speed",
            "4",
            "--listen",
            new IPEndPoint(IPAddress.Loopback, FreePort.Next()).ToString(),
            "--state",
            state,
            "--page",
            "off",
        ];
        await using var first = CandorProcess.Start(arguments);
        await using var second = CandorProcess.Start(arguments);

        var loser = await (await Task.WhenAny(Ended(first), Ended(second)));

        // Who comes while the other is only starting is refused; who comes later has nothing to change.
        var (exitCode, winner) = (await loser.WaitForExitAsync(), loser == first ? second : first);
        Assert.True(
            exitCode == 2
                ? loser.Output.Contains("./candor status --state", StringComparison.Ordinal)
                : exitCode == 0 && loser.Output.Contains("is running already", StringComparison.Ordinal),
            loser.Output);
        Assert.DoesNotMatch(@"(?m)^\s+at [\w.<>]+\(", loser.Output);
        Assert.Equal(winner.Id, LocalTarget.Client(state).Supervisor);
        await LocalTarget.Client(state).DownAsync(now: true);
        Assert.Equal(0, await winner.WaitForExitAsync(RunningStack.Limit));
    }

    private static async Task<TestProcess> Ended(TestProcess process)
    {
        await process.WaitForExitAsync(RunningStack.Limit);
        return process;
    }

    private async Task<(int ExitCode, string Output)> ShellAsync(string line)
    {
        await using var process = Start(line);
        var exitCode = await process.WaitForExitAsync();
        Assert.DoesNotMatch(@"(?m)^\s+at [\w.<>]+\(", process.Output);
        return (exitCode, process.Output);
    }

    private TestProcess Start(string line)
    {
        var functions = Path.Combine(_folder.FullName, "functions");
        File.WriteAllText(functions, $"candor() {{ dotnet {Quoted.Word(Repository.Build("infra/Cli", "candor.dll"))} \"$@\"; }}\n");
        return TestProcess.Start(
            "bash",
            ["-c", $"source \"$FUNCTIONS\"; {line}"],
            new Dictionary<string, string> { ["FUNCTIONS"] = functions, ["CANDOR_HOME"] = Repository.Root, ["HOME"] = _folder.FullName });
    }
}
