using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Candor.Cli.Terminal;

/// <summary>
/// The one place that writes to the terminal: everything goes through the console that is made here, or through <see cref="WriteAnswer"/>.
/// </summary>
public static class SafeConsole
{
    /// <summary>Narrower than this no table can be drawn.</summary>
    private const int LeastWidth = 40;

    /// <summary>In a pipe no line is folded, for grep and diff need whole lines.</summary>
    private const int PipeWidth = 200;

    private const int UsualWidth = 80;

    /// <summary>Standard output or standard error of this process.</summary>
    /// <param name="writer">The stream.</param>
    /// <param name="redirected">Whether it leads elsewhere than to a terminal; then there is neither colour nor folding.</param>
    public static IAnsiConsole Of(TextWriter writer, bool redirected)
    {
        var coloured = !redirected
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb"
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return AnsiConsole.Create(new()
        {
            Out = new Output(new GuardedWriter(writer), !redirected),
            Ansi = coloured ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = coloured ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
    }

    /// <summary>
    /// A stream of this process. Into a pipe without the class Console, which hides that the reader is gone; elsewhere with it, for
    /// two streams that share a file must not each write by an offset of its own.
    /// </summary>
    internal static TextWriter Stream(int descriptor, TextWriter console)
    {
        if (!OperatingSystem.IsLinux())
        {
            return console;
        }

        try
        {
            var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek
                ? console
                : new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Closed from the start, which the class Console takes as a stream to nowhere.
            return console;
        }
    }

    /// <summary>Makes harmless whatever a console is going to show.</summary>
    public static IAnsiConsole Guard(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.Pipeline.Attach(new NeutralHook(folds: console.Profile.Out.IsTerminal));
        return console;
    }

    /// <summary>Writes what a verb was asked for as it is, in lines that are never folded, harmless as everything else.</summary>
    public static void WriteAnswer(this IAnsiConsole console, string text)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.Profile.Out.Writer.Write(Neutral.Text(text));
    }

    /// <summary>The same, and the end of the line.</summary>
    public static void WriteAnswerLine(this IAnsiConsole console, string line) => console.WriteAnswer(line + "\n");

    /// <summary>Why a console could not be written to; null while it could.</summary>
    internal static GuardedWriter? Guarded(IAnsiConsole console) => console.Profile.Out.Writer as GuardedWriter;

    private sealed class Output(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => isTerminal ? Math.Max(LeastWidth, Size(() => Console.WindowWidth, UsualWidth)) : PipeWidth;

        public int Height => Size(() => Console.WindowHeight, 24);

        public void SetEncoding(Encoding encoding)
        {
            // UTF-8, as the process began.
        }

        private static int Size(Func<int> read, int usual)
        {
            try
            {
                return read() is > 0 and var size ? size : usual;
            }
            catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
            {
                return usual;
            }
        }
    }
}
