using System.IO.Pipelines;
using Candor.Local;

namespace Candor.Infra.Tests.Local;

/// <summary>Whoever follows a log misses nothing and sees whole lines.</summary>
public sealed class LogReaderTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("candor-test-");

    private string Log => Path.Combine(_folder.FullName, "pod.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Log_that_is_followed_continues_after_it_was_rotated()
    {
        var log = new LogFile(Log);
        log.Line("first");
        await using var lines = Read(follow: true).GetAsyncEnumerator();
        Assert.Equal("first", await NextAsync(lines));

        log.Line(new string('x', (int)LogFile.RotateAt));
        log.Line("after");

        Assert.Equal((int)LogFile.RotateAt, (await RestAsync(lines, count: 10)).Sum(line => line.Length));
        Assert.Equal("after", await NextAsync(lines));
        log.Line("and on");
        Assert.Equal("and on", await NextAsync(lines));
    }

    [Fact]
    public async Task Line_that_is_not_finished_is_shown_when_it_is()
    {
        await File.WriteAllTextAsync(Log, "whole\nha");
        await using var lines = Read(follow: true).GetAsyncEnumerator();
        Assert.Equal("whole", await NextAsync(lines));
        var next = NextAsync(lines);

        // The two bytes of ü come one at a time as well.
        await File.AppendAllBytesAsync(Log, [0xc3]);
        Assert.False(next.IsCompleted);
        await File.AppendAllBytesAsync(Log, [0xbc, .. "lf\n"u8]);

        Assert.Equal("haülf", await next);
    }

    [Fact]
    public async Task Log_that_is_only_read_ends_with_its_unfinished_line()
    {
        await File.WriteAllTextAsync(Log, "one\ntwo\nthr");

        Assert.Equal(["two", "thr"], await Read(follow: false, lines: 2).ToListAsync());
        Assert.Empty(await Read(follow: false, lines: 0).ToListAsync());
    }

    [Fact]
    public async Task Lines_of_two_streams_are_not_cut_by_each_other()
    {
        var log = new LogFile(Log);
        var (output, error) = (new Pipe(), new Pipe());
        var copying = Task.WhenAll(log.CopyAsync(output.Reader.AsStream()), log.CopyAsync(error.Reader.AsStream()));

        await output.Writer.WriteAsync("half of "u8.ToArray());
        await error.Writer.WriteAsync("error\n"u8.ToArray());
        await UntilAsync(() => File.Exists(Log) && File.ReadAllText(Log).Contains("error", StringComparison.Ordinal));
        await output.Writer.WriteAsync("a line\nand no end"u8.ToArray());
        await output.Writer.CompleteAsync();
        await error.Writer.CompleteAsync();
        await copying;

        Assert.Equal("error\nhalf of a line\nand no end", await File.ReadAllTextAsync(Log));
    }

    private IAsyncEnumerable<string> Read(bool follow, int lines = 10) =>
        new LogReader(Log, TimeProvider.System, TimeSpan.FromMilliseconds(10)).ReadAsync(lines, follow, CancellationToken.None);

    private static async Task<string> NextAsync(IAsyncEnumerator<string> lines)
    {
        Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(_limit));
        return lines.Current;
    }

    /// <summary>A line that is longer than any line should be comes in parts.</summary>
    private static async Task<List<string>> RestAsync(IAsyncEnumerator<string> lines, int count)
    {
        var all = new List<string>();
        while (all.Count < count)
        {
            all.Add(await NextAsync(lines));
        }

        return all;
    }

    private static async Task UntilAsync(Func<bool> wanted)
    {
        using var late = new CancellationTokenSource(_limit);
        while (!wanted())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, late.Token);
        }
    }
}
