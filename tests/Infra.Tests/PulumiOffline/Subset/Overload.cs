using System.Text.RegularExpressions;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>One constructor or method with its parameters, read from the text that the reference and <see cref="Surface"/> write.</summary>
internal sealed record Overload(string Name, string Signature, IReadOnlyList<Overload.Parameter> Parameters)
{
    private static readonly string[] NeverNull = ["bool", "int", "double"];

    private int Required => Parameters.Count(p => !p.IsOptional);

    public static Overload Constructor(string parameters) => new(".ctor", Normalized(parameters), Parse(parameters));

    /// <summary>A member such as <c>static Pulumi.Output&lt;T&gt; Create&lt;T&gt;(T value)</c>, or a protected constructor.</summary>
    public static Overload Member(string member)
    {
        var open = OpeningParenthesis(member);
        var parameters = member[(open + 1)..^1];
        var name = Regex.Match(WithoutTypeArguments(member[..open]), @"[\w.]+$").Value;
        return new Overload(name, Normalized(parameters), Parse(parameters));
    }

    /// <summary>
    /// Whether some call is well-formed with either overload alone and ambiguous with both: the same arguments with defaults left in
    /// both (C# prefers an overload only when it leaves no default), or a null where neither parameter type is preferred.
    /// </summary>
    public bool IsAmbiguousWith(Overload other)
        => DefaultsLeftInBoth(other) || NamedDefaultsLeftInBoth(other) || ToldApartByNothing(other);

    public override string ToString() => $"{Name}({Signature})";

    private bool DefaultsLeftInBoth(Overload other)
    {
        var count = Math.Max(Required, other.Required);
        return count < Parameters.Count && count < other.Parameters.Count
            && Enumerable.Range(0, count).All(i => Parameters[i].Type == other.Parameters[i].Type)
            && !Parameters.Concat(other.Parameters).Any(p => p.IsParams);
    }

    private bool NamedDefaultsLeftInBoth(Overload other)
    {
        var named = Parameters.Concat(other.Parameters).Where(p => !p.IsOptional).Select(p => (p.Name, p.Type)).Distinct().ToList();
        return named.Count < Parameters.Count && named.Count < other.Parameters.Count
            && named.All(n => Parameters.Any(p => (p.Name, p.Type) == n) && other.Parameters.Any(p => (p.Name, p.Type) == n))
            && !Parameters.Concat(other.Parameters).Any(p => p.IsParams);
    }

    private bool ToldApartByNothing(Overload other)
    {
        var least = Math.Max(Math.Max(Required, other.Required), 1);
        var most = Math.Min(Parameters.Count, other.Parameters.Count);
        return Enumerable.Range(least, Math.Max(0, most - least + 1)).Any(count =>
        {
            var pairs = Parameters.Take(count).Zip(other.Parameters.Take(count)).ToList();
            return pairs.Any(p => p.First.Type != p.Second.Type)
                && pairs.All(p => p.First.Type == p.Second.Type || (p.First.TakesNull && p.Second.TakesNull));
        });
    }

    // Names of generic parameters do not matter, nor whether a parameter is called differently.
    private static string Normalized(string parameters) => string.Join(", ", Parse(parameters).Select(p => p.Type));

    private static List<Parameter> Parse(string parameters) => [.. Split(parameters).Select(Parameter.Parse)];

    private static IEnumerable<string> Split(string parameters)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= parameters.Length; i++)
        {
            if (i == parameters.Length || (parameters[i] == ',' && depth == 0))
            {
                if (parameters[start..i].Trim() is { Length: > 0 } parameter)
                {
                    yield return parameter;
                }
                start = i + 1;
            }
            else
            {
                depth += parameters[i] switch { '<' or '(' => 1, '>' or ')' => -1, _ => 0 };
            }
        }
    }

    // The last parenthesis opened at the outermost level: a tuple in the return type comes before it.
    private static int OpeningParenthesis(string member)
    {
        var depth = 0;
        for (var i = member.Length - 1; i >= 0; i--)
        {
            depth += member[i] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }
        throw new FormatException($"'{member}' has no parameters.");
    }

    private static string WithoutTypeArguments(string name)
    {
        var shorter = Regex.Replace(name, "<[^<>]*>", "");
        return shorter == name ? name : WithoutTypeArguments(shorter);
    }

    /// <summary>A parameter; <see cref="IsOptional"/> also when it is a params array, which a call may leave out.</summary>
    internal sealed record Parameter(string Type, string Name, bool IsOptional, bool IsParams)
    {
        public bool TakesNull => !NeverNull.Contains(Type);

        public static Parameter Parse(string text)
        {
            var isParams = text.StartsWith("params ", StringComparison.Ordinal);
            var hasDefault = text.EndsWith(" = null", StringComparison.Ordinal);
            var bare = text[(isParams ? "params ".Length : 0)..(text.Length - (hasDefault ? " = null".Length : 0))];
            var space = bare.LastIndexOf(' ');
            return new Parameter(bare[..space], bare[(space + 1)..], hasDefault || isParams, isParams);
        }
    }
}
