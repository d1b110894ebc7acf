using System.Text.Json;

namespace Candor.Planning;

/// <summary>
/// Reads a Plan from a file: the output of <c>candor preview --json</c>, of <c>pulumi preview --json</c> (with <c>--show-sames</c>,
/// or it lists only what changes), or of <c>pulumi stack export</c>. The text itself shows which.
/// </summary>
public static class PlanReader
{
    /// <summary>
    /// The largest text that is read, in bytes: 64 MiB, some thirty times what a hundred services need. It bounds the memory that a
    /// hostile file can take.
    /// </summary>
    public const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="PlanFormatException">It cannot be read, or is no Plan.</exception>
    public static async Task<Plan> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await ReadAsync(file, path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PlanFormatException($"The plan {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a stream to its end, or to <see cref="MaximumBytes"/>.</summary>
    /// <param name="stream">The JSON text, UTF-8.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="PlanFormatException">It is too large, or no Plan.</exception>
    public static async Task<Plan> ReadAsync(Stream stream, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // As large as it will be, where that is known: a buffer that grows needs twice as much.
        var buffer = new MemoryStream(stream.CanSeek ? (int)Math.Clamp(stream.Length, 0, MaximumBytes) : 0);
        var chunk = new byte[81920];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > MaximumBytes)
            {
                throw new PlanFormatException(
                    $"The plan {source} is larger than {MaximumBytes / (1024 * 1024)} MiB; no stack needs that much.");
            }

            buffer.Write(chunk, 0, read);
        }

        return Read(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), source);
    }

    /// <summary>Reads UTF-8 text, with or without a byte order mark.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="source">Its name in messages.</param>
    /// <exception cref="PlanFormatException">It is no Plan.</exception>
    public static Plan Read(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            return Read(Parse(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8));
        }
        catch (PlanFormatException exception)
        {
            throw new PlanFormatException($"The plan {source} cannot be used: {exception.Message}.", exception);
        }
    }

    private static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonElement.Parse(utf8, CanonicalJson.Strict);
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : string.Empty;
            throw new PlanFormatException(
                $"it is not JSON{where}, or nested deeper than {CanonicalJson.Strict.MaxDepth}, or gives a property twice", exception);
        }
    }

    private static Plan Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new PlanFormatException($"it is JSON, but {Json.Describe(root.ValueKind)}, expected an object");
        }

        var plan = root switch
        {
            _ when root.TryGetProperty("steps", out _) => PulumiPreview.Read(root),
            _ when root.TryGetProperty("deployment", out _) => PulumiExport.Read(root),
            _ when root.TryGetProperty("resources", out _) => CandorPlan.Read(root),
            _ => throw new PlanFormatException(
                "it has none of the keys resources (candor preview --json), steps (pulumi preview --json) and deployment (pulumi stack "
                    + "export)"),
        };
        Parents.RequireTree(plan);
        return plan;
    }
}
