using System.Globalization;
using Candor.Planning;

namespace Candor.Testing;

/// <summary>One step of the path to an input.</summary>
/// <param name="Name">The property's name, or what stands in brackets.</param>
/// <param name="IsElement">Whether it is in brackets without quotes: an element of a list.</param>
/// <param name="Holder">The path up to here.</param>
internal sealed record InputStep(string Name, bool IsElement, string Holder)
{
    internal PlanValue In(PlanValue value) => !IsElement ? value[Name]
        : int.TryParse(Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? value.Items.ElementAtOrDefault(index)
        : value.Items.FirstOrDefault(item => item["name"].Text == Name);

    /// <summary>The path up to here, or other words at the beginning.</summary>
    internal string Before(string otherwise) => Holder.Length == 0 ? otherwise : Holder;
}

/// <summary>Reads paths such as <c>spec.containers[api].ports[0]</c> and <c>metadata.annotations["a.b/c"]</c>.</summary>
internal static class InputPath
{
    internal static IEnumerable<InputStep> Parse(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var at = 0;
        while (at < path.Length)
        {
            var start = at;
            if (path[at] == '[')
            {
                var quoted = at + 1 < path.Length && path[at + 1] == '"';
                var end = path.IndexOf(quoted ? "\"]" : "]", at, StringComparison.Ordinal);
                if (end < 0)
                {
                    throw new ArgumentException($"The path {path} has a bracket at {at} that is not closed.", nameof(path));
                }

                yield return new(path[(at + (quoted ? 2 : 1))..end], !quoted, path[..start]);
                at = end + (quoted ? 2 : 1);
            }
            else
            {
                at = path.IndexOfAny(['.', '['], at) is > 0 and var end ? end : path.Length;
                yield return new(path[start..at], false, path[..start].TrimEnd('.'));
            }

            at += at < path.Length && path[at] == '.' ? 1 : 0;
        }
    }
}
