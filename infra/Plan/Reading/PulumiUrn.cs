namespace Candor.Planning;

/// <summary>A Pulumi URN: <c>urn:pulumi:stack::project::parentType$type::name</c>.</summary>
internal sealed record PulumiUrn(string Stack, string Project, string Type, string Name)
{
    private const string Prefix = "urn:pulumi:";

    /// <summary>The form that is unique within a Plan, as <see cref="PlanResource.Urn"/>.</summary>
    internal string Short => $"{Type}::{Name}";

    /// <summary>Reads a URN. A name may itself contain <c>::</c>.</summary>
    /// <exception cref="PlanFormatException">It is none.</exception>
    internal static PulumiUrn Parse(string text)
    {
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split("::", 4) : [];
        return parts.Length == 4
            ? new(parts[0], parts[1], parts[2][(parts[2].LastIndexOf('$') + 1)..], parts[3])
            : throw new PlanFormatException(
                $"\"{text[..Math.Min(text.Length, 100)]}\" is no URN, expected urn:pulumi:stack::project::type::name");
    }
}
