using Pulumi;

namespace Candor.Program.Config;

/// <summary>A secret of the stack. It is only handed out as a secret output, and never shows in text.</summary>
public sealed class SecretText(string value)
{
    /// <summary>The secret as a Pulumi output that stays secret in state, diffs and logs.</summary>
    public Output<string> Reveal() => Output.CreateSecret(value);

    /// <inheritdoc />
    public override string ToString() => "[secret]";
}
