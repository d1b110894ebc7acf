using System.Runtime.CompilerServices;
using System.Text;

namespace Candor.Local;

/// <summary>
/// Reads a pod's log line by line while it is being written, also over the moment when it moves to <c>.1</c> and begins anew.
/// </summary>
internal sealed class LogReader(string path, TimeProvider time, TimeSpan poll)
{
    /// <summary>A line that never ends is handed on in parts of this many bytes.</summary>
    private const int LongestLine = 1024 * 1024;

    private readonly List<byte> _rest = [];
    private bool _cut;

    /// <summary>The last lines, oldest first, and with <paramref name="follow"/> those that come, until cancelled.</summary>
    public async IAsyncEnumerable<string> ReadAsync(int lines, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = Open();
        try
        {
            var last = new Queue<string>();
            await foreach (var line in NewLinesAsync(file, cancellationToken).ConfigureAwait(false))
            {
                last.Enqueue(line);
                if (last.Count > lines)
                {
                    last.Dequeue();
                }
            }

            if (!follow && TakeRest() is { } unfinished && lines > 0)
            {
                last.Enqueue(unfinished);
            }

            foreach (var line in last.TakeLast(lines))
            {
                yield return line;
            }

            while (follow && !cancellationToken.IsCancellationRequested)
            {
                var moved = HasMoved(file);
                await foreach (var line in NewLinesAsync(file, cancellationToken).ConfigureAwait(false))
                {
                    yield return line;
                }

                if (!moved)
                {
                    await Task.Delay(poll, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                // It was read to its end after it had moved, and nothing is written to it any more.
                if (TakeRest() is { } end)
                {
                    yield return end;
                }

                await file.DisposeAsync().ConfigureAwait(false);
                file = Open();
            }
        }
        finally
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Whether another file has the name by now; not while none has, for the next line makes it.</summary>
    private bool HasMoved(FileStream file) =>
        Posix.Look(path) is { } now
            && Posix.Look(file.SafeFileHandle, path) is var ours
            && (now.Device, now.Inode) != (ours.Device, ours.Inode);

    private async IAsyncEnumerable<string> NewLinesAsync(FileStream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            foreach (var line in Split(buffer.AsSpan(0, read)))
            {
                yield return line;
            }
        }
    }

    /// <summary>The lines that are whole; what is behind the last of them waits for its end.</summary>
    private List<string> Split(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            _rest.AddRange(end < 0 ? bytes : bytes[..end]);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (_rest.Count >= LongestLine || (end >= 0 && !(_cut && _rest.Count == 0)))
            {
                lines.Add(Text());
            }

            // What follows a part is the rest of its line, and the end of that may be all there is.
            _cut = end < 0 && _rest.Count == 0 && (_cut || lines.Count > 0);
        }

        return lines;
    }

    private string? TakeRest() => _rest.Count == 0 ? null : Text();

    private string Text()
    {
        var text = Encoding.UTF8.GetString([.. _rest]).TrimEnd('\r');
        _rest.Clear();
        return text;
    }
}
