using System.Text;
using Candor.Contract;
using Candor.Health.Serving;
using Candor.Health.State;

namespace Candor.Health.Liveness;

/// <summary>What the first bytes of a connection are.</summary>
internal enum FirstBytes
{
    /// <summary>Not a probe: another path, another method, TLS, HTTP/2.</summary>
    NotAProbe,

    /// <summary>A probe so far, and not complete.</summary>
    Incomplete,

    /// <summary>A whole probe.</summary>
    Probe,
}

/// <summary>A probe, read from the first bytes of a connection.</summary>
/// <param name="Kind">Whether it is one.</param>
/// <param name="Path">Which health path it asks for.</param>
/// <param name="Scope">The scope it asks for.</param>
/// <param name="HeadOnly">True for HEAD.</param>
/// <param name="Length">Bytes of the request, with the empty line that ends it.</param>
/// <param name="Agent">Its User-Agent header.</param>
internal readonly record struct FirstRequest(FirstBytes Kind, HealthPath Path = HealthPath.None, Scope Scope = Scope.Full, bool HeadOnly = false, int Length = 0, string Agent = "")
{
    /// <summary>Longer requests are left to the server: no prober sends them.</summary>
    public const int MaximumLength = 2048;

    private const int LongestLine = 256;

    /// <summary>Reads as much as there is. What is not surely a probe is not one; the server answers those paths as well.</summary>
    public static FirstRequest Read(ReadOnlySpan<byte> bytes, HealthPaths paths)
    {
        var (headOnly, start) = bytes.StartsWith("GET "u8) ? (false, 4) : bytes.StartsWith("HEAD "u8) ? (true, 5) : (false, 0);
        if (start == 0)
        {
            return new(bytes.Length < 5 && ("GET "u8.StartsWith(bytes) || "HEAD "u8.StartsWith(bytes)) ? FirstBytes.Incomplete : FirstBytes.NotAProbe);
        }

        var line = bytes[start..];
        var end = line.IndexOf((byte)'\r');
        if (end < 0)
        {
            return new(line.Length < LongestLine && MayBecomeHealthPath(line, paths) ? FirstBytes.Incomplete : FirstBytes.NotAProbe);
        }

        line = line[..end];
        if (!line.EndsWith(" HTTP/1.1"u8) && !line.EndsWith(" HTTP/1.0"u8))
        {
            return new(FirstBytes.NotAProbe);
        }

        var target = Encoding.ASCII.GetString(line[..^9]);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = HealthPathMatch.Of(paths, query < 0 ? target : target.AsSpan(0, query));
        if (path == HealthPath.None || ScopeQuery.Of(query < 0 ? "" : target.AsSpan(query)) is not { } scope)
        {
            return new(FirstBytes.NotAProbe);
        }

        var length = bytes.IndexOf("\r\n\r\n"u8);
        return length < 0
            ? new(bytes.Length < MaximumLength ? FirstBytes.Incomplete : FirstBytes.NotAProbe)
            : new(FirstBytes.Probe, path, scope, headOnly, length + 4, AgentOf(bytes[..length]));
    }

    private static bool MayBecomeHealthPath(ReadOnlySpan<byte> begun, HealthPaths paths)
    {
        var text = Encoding.ASCII.GetString(begun);
        return Begins(paths.Liveness, text) || Begins(paths.Readiness, text) || Begins(paths.Startup, text);
    }

    private static bool Begins(string path, string text) =>
        path.StartsWith(text, StringComparison.OrdinalIgnoreCase)
        || (text.StartsWith(path, StringComparison.OrdinalIgnoreCase) && text[path.Length] is '?' or ' ');

    private static string AgentOf(ReadOnlySpan<byte> head)
    {
        foreach (var line in Encoding.ASCII.GetString(head).EnumerateLines())
        {
            if (line.StartsWith("User-Agent:", StringComparison.OrdinalIgnoreCase))
            {
                return line["User-Agent:".Length..].Trim().ToString();
            }
        }

        return "";
    }
}
