using System.Collections.Concurrent;
using System.Diagnostics;

namespace Candor.Testing.Processes;

/// <summary>A process that a test started: its output is kept, and it ends with the test.</summary>
public sealed class TestProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private TestProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far, both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>What it has written so far, line by line.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Starts a program with nothing of our environment but <c>PATH</c> and what is given.</summary>
    public static TestProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        var path = start.Environment["PATH"];
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (root is not null)
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new TestProcess(new Process { StartInfo = start });
        process._process.Start();
        process._process.StandardInput.Close();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has its output.</exception>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = Start(program, arguments);
        var code = await process.WaitForExitAsync();
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} ended with {code}:\n{process.Output}");
        }
    }

    /// <summary>Waits until it is gone and says with which code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? limit = null)
    {
        using var late = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end. Its output:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Signals.Send(Id, signal);

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            _process.Kill();
        }

        await WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Signal(Signals.Continue);
            Signal(Signals.Terminate);
            using var late = new CancellationTokenSource(Grace);
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
