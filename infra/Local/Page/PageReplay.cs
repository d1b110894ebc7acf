using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>The status page with recorded runs in it, as one file that needs no server and no network.</summary>
public static class PageReplay
{
    /// <summary>Writes the file.</summary>
    /// <param name="recording">
    /// <c>runs</c>: a list of <c>title</c>, <c>note</c> and <c>frames</c>. Each frame is what the live page would have been sent at its time
    /// <c>now</c> (milliseconds since 1970); the first holds <c>hello</c> and <c>facts</c>.
    /// </param>
    public static string Write(JsonObject recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            stream.Write(Encoding.UTF8.GetBytes(recording.ToJsonString()));
        }

        var (style, script) = (PageSite.Text("app.css"), PageSite.Text("app.js") + "\n" + PageSite.Text("replay.js"));
        // Exactly this script and this style, and nothing from anywhere.
        var policy = $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'";
        return PageSite.Text("index.html")
            .Replace("{{token}}", string.Empty, StringComparison.Ordinal)
            .Replace("{{readOnly}}", "true", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", $"<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">", StringComparison.Ordinal)
            .Replace("<link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">", "<link rel=\"icon\" href=\"data:,\">", StringComparison.Ordinal)
            .Replace("<link rel=\"stylesheet\" href=\"app.css\">", $"<style>{style}</style>", StringComparison.Ordinal)
            .Replace("<script src=\"app.js\" defer></script>\n", string.Empty, StringComparison.Ordinal)
            .Replace(
                "</body>",
                $"<script type=\"application/octet-stream\" id=\"recording\">{Convert.ToBase64String(packed.ToArray())}</script>\n<script>{script}</script>\n</body>",
                StringComparison.Ordinal);
    }

    /// <summary>A run of the local target as the page has it: answers, events and samples that are kept, laid among the recorded seconds.</summary>
    internal static JsonObject Run(IPageSource source, DateTimeOffset since, string title, string note)
    {
        var marks = source.Board.Since(0).Marks.Where(mark => mark.At >= since).ToList();
        var history = source.History.Since(0);
        var events = history.Events.Where(one => one.At >= since).ToList();
        var samples = history.Samples.Where(sample => sample.At >= since).ToList();
        // A run that was never looked at for a whole second is still one.
        List<(DateTimeOffset At, string Present)> frames = [.. source.Recorder.All().Where(frame => frame.At >= since)];
        if (frames.Count == 0)
        {
            frames = [(source.Status.StartedAt, PageUpdate.Present(source, history.Spans))];
        }

        var (mark, happened, sample) = (0, 0, 0);
        var list = new JsonArray();
        for (var index = 0; index < frames.Count; index++)
        {
            var (at, present) = frames[index];
            var isLast = index == frames.Count - 1;
            list.Add((JsonNode)PageUpdate.Of(
                source.RunId,
                at,
                index == 0 ? source.Facts : null,
                present,
                Until(marks, ref mark, one => isLast || one.At <= at),
                Until(events, ref happened, one => isLast || one.At <= at),
                Until(samples, ref sample, one => isLast || one.At <= at),
                hello: index == 0));
        }

        return new JsonObject { ["title"] = title, ["note"] = note, ["frames"] = list };
    }

    private static List<T> Until<T>(IReadOnlyList<T> all, ref int from, Func<T, bool> isDue)
    {
        var begin = from;
        while (from < all.Count && isDue(all[from]))
        {
            from++;
        }

        return [.. all.Skip(begin).Take(from - begin)];
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
