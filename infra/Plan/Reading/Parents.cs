namespace Candor.Planning;

/// <summary>The tree that the resources' parents span.</summary>
internal static class Parents
{
    // Whoever walks the tree may do so by calling itself.
    private const int MaximumDepth = 64;

    /// <summary>Refuses a Plan in which a resource is its own ancestor, or has more ancestors than any program gives one.</summary>
    internal static void RequireTree(Plan plan)
    {
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var resource in plan.Resources)
        {
            var path = new List<string>();
            var on = new HashSet<string>(StringComparer.Ordinal);
            var at = resource;
            while (at is not null && !depths.ContainsKey(at.Urn))
            {
                path.Add(at.Urn);
                if (!on.Add(at.Urn))
                {
                    throw new PlanFormatException($"the parents of {at.Urn} form a cycle, expected a tree");
                }

                at = plan.Index.Find(at.Parent);
            }

            var depth = at is null ? 0 : depths[at.Urn];
            for (var index = path.Count - 1; index >= 0; index--)
            {
                depths[path[index]] = ++depth;
            }

            if (depth > MaximumDepth)
            {
                throw new PlanFormatException($"{resource.Urn} has {depth} ancestors, expected at most {MaximumDepth}");
            }
        }
    }
}
