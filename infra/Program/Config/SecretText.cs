using Pulumi;

namespace Candor.Program.Config;

/// <summary>A secret of the stack. It is only handed out as a secret output, and never shows in text.</summary>
public sealed class SecretText(string value)
{
    /// <summary>The secret as a Pulumi output that stays secret in state, diffs and logs.</summary>
    public Output<string> Reveal() => Output.CreateSecret(value);

    /// <summary>Whether the secret has a character that its reader would take for a separator.</summary>
    public bool Has(char separator) => value.Contains(separator, StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => "[secret]";
}
