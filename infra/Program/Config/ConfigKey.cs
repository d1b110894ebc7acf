namespace Candor.Program.Config;

/// <summary>The type of a config value.</summary>
public enum ConfigType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A list of texts, or of objects for <c>services</c>.</summary>
    List,

    /// <summary>An object.</summary>
    Map,
}

/// <summary>One key of the stack's configuration: its type, default, allowed values and meaning.</summary>
/// <param name="Name">The key without its namespace.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Default">
/// What holds when the stack does not set it, as text or JSON; null when every stack must set it. Empty means unset.
/// </param>
/// <param name="Description">What it decides, in one sentence.</param>
public sealed record ConfigKey(string Name, ConfigType Type, string? Default, string Description)
{
    /// <summary>The key as the stack file has it, such as <c>candor:image</c>.</summary>
    public string FullName => $"{ConfigKeys.Namespace}:{Name}";

    /// <summary>Encrypted in the stack file, and a placeholder in a Plan.</summary>
    public bool Secret { get; init; }

    /// <summary>An object whose values are secrets, so that nothing of it is ever shown.</summary>
    public bool HoldsSecrets { get; init; }

    /// <summary>Smallest and largest number allowed, for integers.</summary>
    public (int Minimum, int Maximum)? Range { get; init; }

    /// <summary>The only texts allowed, or empty for no such limit.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What the text, or each text of the list, must look like.</summary>
    public TextForm Form { get; init; } = TextForm.Any;

    /// <summary>The type of a list's items.</summary>
    public ConfigType Items { get; init; } = ConfigType.Text;

    /// <summary>The type as Pulumi.yaml names it.</summary>
    public string PulumiType => Type switch
    {
        ConfigType.Number => "integer",
        ConfigType.Flag => "boolean",
        ConfigType.List => "array",
        ConfigType.Map => "object",
        _ => "string",
    };

    /// <summary>The allowed values in words, for errors and documentation.</summary>
    public string Allowed => (Choices.Count, Range, Type) switch
    {
        ( > 0, _, _) => string.Join(" | ", Choices),
        (_, { } range, _) => $"{range.Minimum}–{range.Maximum}",
        (_, _, ConfigType.Flag) => "true | false",
        (_, _, ConfigType.List) => Items == ConfigType.Map ? "list of objects" : $"list of {Form.Plural}",
        (_, _, ConfigType.Map) => "object",
        _ => Form.Singular,
    };
}
