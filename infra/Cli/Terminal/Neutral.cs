using System.Globalization;
using System.Text;

namespace Candor.Cli.Terminal;

/// <summary>
/// Text of others made harmless for a terminal. A Plan, a config file, a log may come from anybody: nothing in it may move the cursor,
/// change the title, hide text or turn its direction round.
/// </summary>
public static class Neutral
{
    /// <summary>
    /// The text with every character that a terminal does not show as itself written out, such as <c>\u202e</c>: control characters but
    /// for line break and tab, those of direction and of zero width, line and paragraph separators, and halves of surrogate pairs. Inside
    /// a JSON text it means the same as before.
    /// </summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = 0;
        while (first < text.Length && IsPlain(text, first))
        {
            first++;
        }

        return first == text.Length ? text : Escaped(text, first);
    }

    /// <summary>The same in one line: what would begin another is written out too.</summary>
    public static string Line(string text) =>
        Text(text).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);

    private static string Escaped(string text, int first)
    {
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (var at = first; at < text.Length; at++)
        {
            if (IsPlain(text, at))
            {
                result.Append(text[at]);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
            }
        }

        return result.ToString();
    }

    private static bool IsPlain(string text, int at)
    {
        var character = text[at];
        if (character is >= ' ' and < '\u007f' or '\n' or '\t')
        {
            return true;
        }

        if (character == '\r')
        {
            // Alone it would begin the line anew, over what stands there.
            return at + 1 < text.Length && text[at + 1] == '\n';
        }

        if (char.IsSurrogate(character))
        {
            var start = char.IsLowSurrogate(character) ? at - 1 : at;
            return start >= 0 && start + 1 < text.Length && char.IsSurrogatePair(text[start], text[start + 1])
                && Shows(CharUnicodeInfo.GetUnicodeCategory(text, start));
        }

        // Letters and marks by their category, but without any width.
        return Shows(CharUnicodeInfo.GetUnicodeCategory(character))
            && character is not ('\u034f' or '\u115f' or '\u1160' or '\u17b4' or '\u17b5' or '\u3164' or '\uffa0');
    }

    private static bool Shows(UnicodeCategory category) => category is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);
}
