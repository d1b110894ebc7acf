using System.Globalization;

namespace Candor.Planning.Rules;

/// <summary>
/// Makes one finding of those that one edit mends: the same rule says the same about several fields of a resource, or the rule says of
/// itself that it is about one edit (<see cref="Rule.IsOneEdit"/>).
/// </summary>
internal static class Causes
{
    internal static IReadOnlyList<Finding> Merge(IReadOnlyList<Finding> found)
    {
        var oneEdit = RuleCatalogue.Rules.Where(rule => rule.IsOneEdit).Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. found
                .GroupBy(finding => oneEdit.Contains(finding.Rule) && finding.Property.Length > 0
                    ? (finding.Rule, finding.Severity, finding.Resource, finding.Why, finding.Fix, string.Empty, string.Empty)
                    : (finding.Rule, finding.Severity, finding.Resource, finding.Why, finding.Fix, finding.Found, finding.Expected))
                .Select(group => One([.. group])),
        ];
    }

    private static Finding One(IReadOnlyList<Finding> same)
    {
        var first = same[0];
        var fields = same.Select(finding => finding.Property).Distinct(StringComparer.Ordinal).ToList();
        var isSame = same.All(finding => finding.Found == first.Found && finding.Expected == first.Expected);
        if (fields.Count == 1)
        {
            return isSame ? first : first with
            {
                Found = string.Join("; ", same.Select(finding => finding.Found)),
                Expected = string.Join("; ", same.Select(finding => finding.Expected)),
            };
        }

        var prefix = Common(fields);
        string Short(Finding finding) => finding.Property[prefix.Length..].TrimStart('.');
        return first with
        {
            Property = prefix,
            Fields = fields,
            Found = isSame
                ? $"{Joined(same.Select(Short).Distinct(StringComparer.Ordinal))} are {first.Found}"
                : string.Join("; ", same.Select(finding => $"{Short(finding)} is {finding.Found}")),
            Expected = isSame ? first.Expected : string.Join("; ", same.Select(finding => $"{Short(finding)} {finding.Expected}")),
        };
    }

    /// <summary>What all paths begin with, in whole segments.</summary>
    private static string Common(IReadOnlyList<string> paths)
    {
        var shortest = paths.MinBy(path => path.Length)!;
        var length = 0;
        while (length < shortest.Length && paths.All(path => path[length] == shortest[length]))
        {
            length++;
        }

        while (length > 0 && !paths.All(path => path.Length > length && path[length] == '.'))
        {
            length = shortest.LastIndexOf('.', length - 1) is var dot && dot < 0 ? 0 : dot;
        }

        return shortest[..length];
    }

    private static string Joined(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 1 ? all[0] : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}");
    }
}
