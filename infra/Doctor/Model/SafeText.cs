using System.Text;
using System.Text.RegularExpressions;

namespace Candor.Doctor.Model;

/// <summary>Text that others wrote, made fit to be shown: no credential, no control character, of bounded length.</summary>
internal static partial class SafeText
{
    private const int MaximumLength = 600;
    private const string Mask = "***";

    /// <summary>The text on one line, credentials masked.</summary>
    internal static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        // Cut only after masking: a cut credential would no longer be recognised.
        var masked = Masked(text.Length > MaximumLength * 20 ? text[..(MaximumLength * 20)] : text);
        var line = new StringBuilder(Math.Min(masked.Length, MaximumLength + 1));
        foreach (var rune in masked.EnumerateRunes())
        {
            if (line.Length >= MaximumLength)
            {
                line.Append('…');
                break;
            }

            line.Append(Shown(rune));
        }

        return line.ToString().Trim();
    }

    /// <summary>The text with credentials masked, line breaks kept.</summary>
    internal static string Masked(string text)
    {
        text = PrivateKey().Replace(text, $"{Mask} (private key)");
        text = UserInfo().Replace(text, $"$1{Mask}@");
        text = Header().Replace(text, $"$1{Mask}");
        text = Assigned().Replace(text, $"$1$2{Mask}");
        text = AccessKey().Replace(text, Mask);
        return Token().Replace(text, Mask);
    }

    /// <summary>The last characters of a long text, or the text.</summary>
    internal static string Short(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    // Control characters and those that turn the direction of writing could make a terminal show something else.
    private static string Shown(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2028 or 0x2029 or 0xFFFD ? " "
            : rune.ToString();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    // The user's name tells who is refused; only the password is masked.
    [GeneratedRegex(@"(://[^\s/:@]*:)[^\s]*?@(?=[^\s@/]+([/:\s,;""']|$))")]
    private static partial Regex UserInfo();

    [GeneratedRegex(
        @"((?:pass(?:word|wd|phrase)?|pwd|secret(?:[_-]?access)?(?:[_-]?key)?|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie|signature)(?:\\?[""'])?)(\s*(?:=|:(?!\d|//))\s*(?:\\?[""'])?)(?!\s)(?:[^\s;,&""'\\}]+(?:\\(?!""|')[^\s;,&""'}]*)*)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\b((?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    [GeneratedRegex(@"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")]
    private static partial Regex AccessKey();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|\b(?:gh[pousr]|xox[bap])[_-][A-Za-z0-9-]{16,}")]
    private static partial Regex Token();
}
