using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Candor.Health.Operations;

/// <summary>Compares routes as the contract writes them with routes as the app maps them.</summary>
internal static class RouteName
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    /// <summary>The index of a method that is known; all others share the last one, so that a client cannot make operations by inventing methods.</summary>
    public static int MethodIndex(string method)
    {
        for (var index = 0; index < Methods.Length; index++)
        {
            if (string.Equals(method, Methods[index], StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return Methods.Length;
    }

    public static int MethodCount => Methods.Length + 1;

    public static string MethodName(int index) => index < Methods.Length ? Methods[index] : "OTHER";

    /// <summary>The name of an operation that the contract does not list: <c>METHOD template</c>.</summary>
    public static string Of(int method, RoutePattern pattern) => $"{MethodName(method)} /{TemplateOf(pattern)?.Trim('/')}";

    /// <summary>The route without what may differ between two spellings of the same: names and constraints of parameters, case, outer slashes.</summary>
    public static string Normal(string route)
    {
        var space = route.IndexOf(' ', StringComparison.Ordinal);
        var text = new StringBuilder(route[..space].ToUpperInvariant()).Append(' ');
        var depth = 0;
        foreach (var letter in route[(space + 1)..].Trim().Trim('/').ToLowerInvariant())
        {
            if (letter == '{' && depth++ == 0)
            {
                text.Append("{}");
            }

            if (depth == 0)
            {
                text.Append(letter);
            }

            if (letter == '}')
            {
                depth--;
            }
        }

        return text.ToString();
    }

    // Where MVC routes by convention, every action has the template "{controller}/{action}/{id?}", and which one it is stands beside it.
    private static string? TemplateOf(RoutePattern pattern) => pattern.Parameters.Any(parameter => Required(pattern, parameter) is not null)
        ? string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => TextOf(pattern, part)))))
        : pattern.RawText;

    private static string TextOf(RoutePattern pattern, RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => Required(pattern, parameter)
            ?? (parameter.IsOptional ? $"{{{parameter.Name}?}}" : $"{{{parameter.Name}}}"),
        _ => "",
    };

    private static string? Required(RoutePattern pattern, RoutePatternParameterPart parameter) =>
        pattern.RequiredValues.TryGetValue(parameter.Name, out var value) && value is string { Length: > 0 } text ? text : null;
}
