using System.IO.Compression;
using System.Text;

namespace Candor.Local;

/// <summary>
/// What the page showed as the present, second by second, for a recording of the last 15 minutes. Compressed, with a fixed number of bytes for
/// all of it: of a large stack it keeps less time.
/// </summary>
internal sealed class PageRecorder(TimeProvider time)
{
    /// <summary>The most that is kept, compressed.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Seconds that are kept.</summary>
    public const int MostFrames = 900;

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, byte[] Present)> _frames = [];
    private string _last = string.Empty;

    /// <summary>How many bytes are kept.</summary>
    public int Bytes { get; private set; }

    /// <summary>How many seconds are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count;
            }
        }
    }

    /// <summary>Keeps the present when it is another one.</summary>
    public void Add(string present)
    {
        lock (_gate)
        {
            if (present == _last)
            {
                return;
            }

            _last = present;
            var packed = Pack(present);
            _frames.Enqueue((time.GetUtcNow(), packed));
            Bytes += packed.Length;
            while (_frames.Count > MostFrames || (Bytes > MostBytes && _frames.Count > 1))
            {
                Bytes -= _frames.Dequeue().Present.Length;
            }
        }
    }

    /// <summary>Everything that is kept, oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Present)> All()
    {
        lock (_gate)
        {
            return [.. _frames.Select(frame => (frame.At, Unpack(frame.Present)))];
        }
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var stream = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Unpack(byte[] packed)
    {
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
