using Candor.Cli.Terminal;

namespace Candor.Cli.Plans;

/// <summary>Writes what a verb was asked for, to a file or to standard output.</summary>
internal sealed class Answers(CliContext context)
{
    /// <summary>Whether standard output carries an answer, so that nothing else may be written there.</summary>
    internal bool OutIsTaken { get; private set; }

    /// <summary>Writes the text where it is wanted; nowhere when <paramref name="target"/> is null.</summary>
    /// <exception cref="UsageException">The file cannot be written, or standard output already carries another answer.</exception>
    internal async Task WriteAsync(string? target, Func<string> text, CancellationToken cancellationToken)
    {
        switch (target)
        {
            case null:
                return;
            case "-" when OutIsTaken:
                throw new UsageException("Only one answer can go to standard output; give the other a file.");
            case "-":
                OutIsTaken = true;
                context.Out.WriteAnswer(text());
                return;
            default:
                await WriteFileAsync(target, text(), cancellationToken);
                return;
        }
    }

    private static async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {exception.Message}");
        }
    }
}
