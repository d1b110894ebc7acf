namespace Candor.Planning;

/// <summary>A tree as lines of text.</summary>
public static class TreeText
{
    /// <summary>One line per node, depth first, drawn with box characters.</summary>
    public static IEnumerable<string> Lines(ReportTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return tree.Roots.SelectMany(root => Lines(root, string.Empty, string.Empty));
    }

    private static IEnumerable<string> Lines(ReportNode node, string first, string rest)
    {
        yield return $"{first}{node.Label}{(node.Detail.Length == 0 ? string.Empty : $"  ({node.Detail})")}";
        for (var index = 0; index < node.Children.Count; index++)
        {
            var last = index == node.Children.Count - 1;
            foreach (var line in Lines(node.Children[index], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  ")))
            {
                yield return line;
            }
        }
    }
}
