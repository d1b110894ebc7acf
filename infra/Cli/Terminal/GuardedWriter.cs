using System.Text;

namespace Candor.Cli.Terminal;

/// <summary>
/// A stream to the terminal, a file or another program, any of which may be gone or full: what cannot be written is dropped, and the reason
/// is kept for the exit code. The verb continues to its own result.
/// </summary>
public sealed class GuardedWriter(TextWriter inner) : TextWriter(inner?.FormatProvider)
{
    private const int BrokenPipe = 32;
    private readonly Lock _gate = new();

    /// <summary>Why it could not be written to; null while it could.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Whether the reader is gone, as that of <c>… | head -1</c> is, which is not reported.</summary>
    public bool IsClosed => Failure is { } failure && ((failure.HResult & 0xffff) == BrokenPipe || failure.HResult == BrokenPipe);

    /// <inheritdoc />
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc />
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc />
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc />
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc />
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc />
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        lock (_gate)
        {
            if (Failure is not null)
            {
                return;
            }

            try
            {
                write();
            }
            catch (IOException exception)
            {
                Failure = exception;
            }
        }
    }
}
