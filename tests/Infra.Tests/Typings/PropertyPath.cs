using System.Text.RegularExpressions;

namespace Candor.Infra.Tests.Typings;

/// <summary>How a property within inputs is written: <c>spec.ports[0].port</c>, <c>metadata.labels["a/b"]</c>.</summary>
internal static partial class PropertyPath
{
    internal static string Child(string path, string name) =>
        !IsPlain(name) ? $"{path}[\"{name}\"]" : path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Whether a name needs no quotes.</summary>
    internal static bool IsPlain(string name) => PlainName().IsMatch(name);

    internal static string Item(string path, int index) => $"{path}[{index}]";

    [GeneratedRegex("^[A-Za-z_$][A-Za-z0-9_$]*$")]
    private static partial Regex PlainName();
}
