using System.Text.RegularExpressions;

namespace Candor.Local;

/// <summary>
/// The output of one pod's processes, one after the other. At 10 MiB it moves to <c>.1</c> and begins anew, as the kubelet's does.
/// What cannot be written (a full disk) is dropped: a log must not stop what it logs. Whether a write succeeded is returned, so that
/// the caller can report it.
/// </summary>
internal sealed partial class LogFile(string path, Action<IOException?>? written = null)
{
    internal const long RotateAt = 10 * 1024 * 1024;
    private readonly Lock _gate = new();

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>
    /// Copies whole lines until the stream ends: a process writes to two streams, and the line of one must not be cut by the other's. A
    /// line longer than the buffer comes in parts, and one that is never ended at the end.
    /// </summary>
    public async Task CopyAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        var held = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(held)).ConfigureAwait(false) is > 0 and var read)
            {
                var lines = buffer.AsSpan(0, held + read).LastIndexOf((byte)'\n') + 1;
                held += read;
                if (lines == 0 && held < buffer.Length)
                {
                    continue;
                }

                lines = lines == 0 ? held : lines;
                Write(buffer.AsSpan(0, lines));
                buffer.AsSpan(lines, held - lines).CopyTo(buffer);
                held -= lines;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process is gone and its pipe with it.
        }

        if (held > 0)
        {
            Write(buffer.AsSpan(0, held));
        }
    }

    /// <summary>Appends a line of our own.</summary>
    public void Line(string text) => Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>The last lines, oldest first; none when there is no log yet.</summary>
    public IReadOnlyList<string> Tail(int lines)
    {
        try
        {
            return [
                .. File.ReadLines(Path)
                .Select(line => Colours().Replace(line, string.Empty))
                .Where(line => line.Length > 0)
                .TakeLast(lines)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Colours();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            try
            {
                using var file = new FileStream(
                    Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                file.Write(bytes);
                if (file.Length >= RotateAt)
                {
                    File.Move(Path, Path + ".1", overwrite: true);
                }

                written?.Invoke(null);
            }
            catch (IOException e)
            {
                written?.Invoke(e);
            }
            catch (UnauthorizedAccessException)
            {
                // See the summary: dropped on purpose.
            }
        }
    }
}
