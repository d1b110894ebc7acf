namespace Candor.Local;

/// <summary>Words of a command line as a person can copy them into a shell.</summary>
public static class Quoted
{
    /// <summary>The word as it is where a shell takes nothing in it for itself, and in quotes elsewhere.</summary>
    public static string Word(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+:@%,=".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
