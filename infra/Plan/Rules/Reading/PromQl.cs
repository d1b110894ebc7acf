namespace Candor.Planning.Rules;

/// <summary>A metric that an expression asks for, and the labels it is filtered by.</summary>
internal sealed record PromSelector(string Metric, IReadOnlyList<string> Labels);

/// <summary>
/// The names in a PromQL expression: metrics with the labels of their matchers, and the labels of groupings. Reads names only;
/// whether the expression as a whole is right is Prometheus' business.
/// </summary>
internal sealed record PromQl(IReadOnlyList<PromSelector> Selectors, IReadOnlyList<string> Groupings)
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "unless", "offset", "bool", "atan2", "inf", "nan", "group_left", "group_right", "by", "without", "on", "ignoring", "start", "end",
        "sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile", "limitk", "limit_ratio",
    };

    private static readonly HashSet<string> Groupers = new(StringComparer.OrdinalIgnoreCase) { "by", "without", "on", "ignoring", "group_left", "group_right" };

    internal static PromQl Read(string text)
    {
        var selectors = new List<PromSelector>();
        var groupings = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is '"' or '\'' or '`')
            {
                i = AfterString(text, i);
            }
            else if (text[i] == '#')
            {
                i = After(text, i, '\n');
            }
            else if (text[i] == '[')
            {
                i = After(text, i, ']');
            }
            else if (IsStart(text[i]))
            {
                var end = EndOfName(text, i);
                var name = text[i..end];
                var next = AfterSpace(text, end);
                i = Take(text, name, next, selectors, groupings);
            }
            else if (char.IsAsciiDigit(text[i]))
            {
                // A number or duration such as 5m or 1e3 is no name.
                i = EndOfName(text, i);
            }
            else
            {
                i++;
            }
        }

        return new(selectors, groupings);
    }

    private static int Take(string text, string name, int next, List<PromSelector> selectors, List<string> groupings)
    {
        var character = next < text.Length ? text[next] : '\0';
        if (Groupers.Contains(name) && character == '(')
        {
            var end = After(text, next, ')');
            groupings.AddRange(Names(text[next..end]));
            return end;
        }

        if (Words.Contains(name) || character == '(')
        {
            return next;
        }

        if (character == '{')
        {
            var (labels, end) = Matchers(text, next + 1);
            selectors.Add(new(name, labels));
            return end;
        }

        selectors.Add(new(name, []));
        return next;
    }

    private static (IReadOnlyList<string> Labels, int End) Matchers(string text, int i)
    {
        var labels = new List<string>();
        while (i < text.Length && text[i] != '}')
        {
            if (text[i] is '"' or '\'' or '`')
            {
                i = AfterString(text, i);
            }
            else if (IsStart(text[i]))
            {
                var end = EndOfName(text, i);
                labels.Add(text[i..end]);
                i = end;
            }
            else
            {
                i++;
            }
        }

        return (labels, Math.Min(text.Length, i + 1));
    }

    private static IEnumerable<string> Names(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!IsStart(text[i]))
            {
                i++;
                continue;
            }

            var end = EndOfName(text, i);
            yield return text[i..end];
            i = end;
        }
    }

    private static bool IsStart(char character) => char.IsAsciiLetter(character) || character is '_' or ':';

    private static int EndOfName(string text, int i)
    {
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or ':'))
        {
            i++;
        }

        return i;
    }

    private static int AfterSpace(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
        {
            i++;
        }

        return i;
    }

    private static int After(string text, int i, char end) => text.IndexOf(end, i) is >= 0 and var found ? found + 1 : text.Length;

    private static int AfterString(string text, int i)
    {
        var quote = text[i++];
        while (i < text.Length && text[i] != quote)
        {
            i += text[i] == '\\' && quote != '`' ? 2 : 1;
        }

        return Math.Min(text.Length, i + 1);
    }
}
