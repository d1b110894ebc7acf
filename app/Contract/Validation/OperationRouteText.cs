namespace Candor.Contract;

/// <summary>The text of an operation's route: a method, one space, a route template.</summary>
public static class OperationRouteText
{
    /// <summary>Method and template of <c>GET /orders/{id}</c>; null when the text is not of that form.</summary>
    public static (string Method, string Template)? Split(string route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var space = route.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space + 1 >= route.Length || route[space + 1] != '/')
        {
            return null;
        }

        var (method, template) = (route[..space], route[(space + 1)..]);
        return template.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !HasBalancedBraces(template) ? null : (method, template);
    }

    /// <summary>
    /// Whether the template could match the path. Literal segments must be equal (without regard to case, as ASP.NET Core matches
    /// them); a segment with a parameter matches any text; a catch-all or optional parameter matches the rest or nothing.
    /// </summary>
    public static bool Matches(string template, string path)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(path);
        var (wanted, asked) = (Segments(template), Segments(path));
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].StartsWith("{*", StringComparison.Ordinal))
            {
                return true;
            }

            if (i >= asked.Length)
            {
                return wanted[i..].All(segment => segment.EndsWith("?}", StringComparison.Ordinal));
            }

            if (!wanted[i].Contains('{', StringComparison.Ordinal) && !wanted[i].Equals(asked[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return asked.Length <= wanted.Length;
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool HasBalancedBraces(string template)
    {
        var depth = 0;
        foreach (var c in template)
        {
            depth += c switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth < 0)
            {
                return false;
            }
        }

        return depth == 0;
    }
}
