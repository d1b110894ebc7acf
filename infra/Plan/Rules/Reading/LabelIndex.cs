namespace Candor.Planning.Rules;

/// <summary>Finds what a label selector selects without asking everything: by one of the labels that it demands.</summary>
/// <typeparam name="T">What has the labels.</typeparam>
internal sealed class LabelIndex<T>
{
    private readonly Dictionary<(string Namespace, string Key, string Value), List<(T Item, PlanValue Labels)>> _byLabel = [];
    private readonly ILookup<string, (T Item, PlanValue Labels)> _byNamespace;

    internal LabelIndex(IEnumerable<(T Item, string Namespace, PlanValue Labels)> items)
    {
        var all = items.ToList();
        _byNamespace = all.ToLookup(entry => entry.Namespace, entry => (entry.Item, entry.Labels), StringComparer.Ordinal);
        foreach (var (item, @namespace, labels) in all)
        {
            foreach (var (key, value) in labels.Properties)
            {
                if (value.Text is { } text)
                {
                    if (!_byLabel.TryGetValue((@namespace, key, text), out var found))
                    {
                        _byLabel[(@namespace, key, text)] = found = [];
                    }

                    found.Add((item, labels));
                }
            }
        }
    }

    /// <summary>What a <c>LabelSelector</c> selects in a namespace.</summary>
    internal IEnumerable<T> Select(string @namespace, PlanValue selector) =>
        Candidates(@namespace, selector["matchLabels"]).Where(entry => LabelSelector.Matches(selector, entry.Labels)).Select(entry => entry.Item);

    /// <summary>What a Service's plain selector selects in a namespace.</summary>
    internal IEnumerable<T> SelectService(string @namespace, PlanValue selector) =>
        Candidates(@namespace, selector).Where(entry => LabelSelector.MatchesService(selector, entry.Labels)).Select(entry => entry.Item);

    /// <summary>Everything in a namespace.</summary>
    internal IEnumerable<T> In(string @namespace) => _byNamespace[@namespace].Select(entry => entry.Item);

    private IEnumerable<(T Item, PlanValue Labels)> Candidates(string @namespace, PlanValue wanted)
    {
        // By the rarest of them: one that all have, such as part-of, would ask everything.
        List<(T Item, PlanValue Labels)>? fewest = null;
        foreach (var (key, value) in wanted.Properties)
        {
            if (value.Text is not { } text || !_byLabel.TryGetValue((@namespace, key, text), out var found))
            {
                return [];
            }

            if (fewest is null || found.Count < fewest.Count)
            {
                fewest = found;
            }
        }

        return fewest ?? _byNamespace[@namespace];
    }
}
