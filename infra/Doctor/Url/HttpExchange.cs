using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Candor.Doctor.Url;

/// <summary>
/// One GET over a connection that is there, by hand: an HTTP client would hide what a broken peer sent instead of an answer, and when.
/// </summary>
internal sealed class HttpExchange(TimeProvider time, long began)
{
    private const int MaximumHead = 64 * 1024;
    private const int KeptBody = 64 * 1024;
    private const long MaximumBody = 16 * 1024 * 1024;

    internal async Task<HttpFacts> AskAsync(Stream stream, Uri url, string path, CancellationToken limit, CancellationToken user)
    {
        var request =
            $"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: candor-doctor\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        var head = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit).ConfigureAwait(false);
            var buffer = new byte[8192];
            while (head.Length < MaximumHead)
            {
                var count = await stream.ReadAsync(buffer, limit).ConfigureAwait(false);
                if (count == 0)
                {
                    return Broken(head.Length == 0 ? HttpEnd.Closed : HttpEnd.NotHttp, head);
                }

                head.Write(buffer, 0, count);
                if (head.Length >= 5 && !head.GetBuffer().AsSpan(0, 5).SequenceEqual("HTTP/"u8))
                {
                    return Broken(HttpEnd.NotHttp, head);
                }

                var end = head.GetBuffer().AsSpan(0, (int)head.Length).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    return await BodyAsync(stream, head, end, limit, user).ConfigureAwait(false);
                }
            }

            return Broken(HttpEnd.NotHttp, head);
        }
        catch (IOException exception)
        {
            return Broken(exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset } || head.Length == 0
                ? HttpEnd.Reset : HttpEnd.NotHttp, head);
        }
        catch (OperationCanceledException) when (!user.IsCancellationRequested)
        {
            return Broken(HttpEnd.NoAnswerInTime, head);
        }
    }

    private HttpFacts Broken(HttpEnd end, MemoryStream head) =>
        new() { Time = time.GetElapsedTime(began), End = end, FirstBytes = [.. head.ToArray().Take(64)] };

    private async Task<HttpFacts> BodyAsync(Stream stream, MemoryStream head, int end, CancellationToken limit, CancellationToken user)
    {
        var all = head.ToArray();
        var lines = Encoding.Latin1.GetString(all, 0, end).Split("\r\n");
        var words = lines[0].Split(' ', 3);
        if (words.Length < 2 || !int.TryParse(words[1], out var status) || status is < 100 or > 999)
        {
            return Broken(HttpEnd.NotHttp, head);
        }

        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon].Trim().ToLowerInvariant()] = line[(colon + 1)..].Trim();
            }
        }

        var facts = new HttpFacts { Status = status, Time = time.GetElapsedTime(began), Headers = headers };
        var body = new Body(headers, status);
        body.Add(all.AsSpan(end + 4));
        var finish = HttpEnd.Answered;
        try
        {
            var buffer = new byte[16 * 1024];
            while (!body.IsWhole && body.Length < MaximumBody)
            {
                var count = await stream.ReadAsync(buffer, limit).ConfigureAwait(false);
                if (count == 0)
                {
                    finish = body.EndsWithConnection ? HttpEnd.Answered : HttpEnd.BodyBrokeOff;
                    break;
                }

                body.Add(buffer.AsSpan(0, count));
            }
        }
        catch (IOException)
        {
            finish = HttpEnd.BodyBrokeOff;
        }
        catch (OperationCanceledException) when (!user.IsCancellationRequested)
        {
            finish = HttpEnd.BodyNotInTime;
        }

        return facts with { End = finish, BodyTime = time.GetElapsedTime(began), Body = body.Text(), BodyLength = body.Length };
    }

    /// <summary>A body with a length, in chunks, or until the end of the connection.</summary>
    private sealed class Body
    {
        private readonly List<byte> _raw = [];
        private readonly long? _expected;
        private readonly bool _chunked;

        internal Body(Dictionary<string, string> headers, int status)
        {
            _chunked = headers.GetValueOrDefault("transfer-encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
            _expected = status is 204 or 304 or < 200 ? 0
                : !_chunked && long.TryParse(headers.GetValueOrDefault("content-length"), out var length) ? length : null;
        }

        internal long Length { get; private set; }

        internal bool EndsWithConnection => !_chunked && _expected is null;

        internal bool IsWhole => _chunked ? EndsInLastChunk() : Length >= _expected;

        internal void Add(ReadOnlySpan<byte> bytes)
        {
            Length += bytes.Length;
            if (_raw.Count < KeptBody)
            {
                _raw.AddRange(bytes);
            }
            else if (_chunked)
            {
                // The end of the last chunk is looked for at the end of what is kept.
                _raw.RemoveRange(KeptBody, _raw.Count - KeptBody);
                _raw.AddRange(bytes);
            }
        }

        internal string Text() =>
            Encoding.UTF8.GetString(_chunked ? Joined() : CollectionsMarshal.AsSpan(_raw)[..Math.Min(_raw.Count, KeptBody)]);

        private bool EndsInLastChunk()
        {
            var kept = CollectionsMarshal.AsSpan(_raw);
            return kept.EndsWith("0\r\n\r\n"u8) && (kept.Length == 5 || kept[..^5].EndsWith("\r\n"u8));
        }

        private byte[] Joined()
        {
            var kept = CollectionsMarshal.AsSpan(_raw);
            var result = new MemoryStream();
            while (kept.IndexOf("\r\n"u8) is var end and >= 0)
            {
                var size = Encoding.ASCII.GetString(kept[..end]).Split(';')[0].Trim();
                if (!int.TryParse(size, System.Globalization.NumberStyles.HexNumber, null, out var length) || length <= 0)
                {
                    break;
                }

                kept = kept[(end + 2)..];
                result.Write(kept[..Math.Min(length, kept.Length)]);
                kept = kept.Length > length + 2 ? kept[(length + 2)..] : [];
            }

            return result.ToArray();
        }
    }
}
