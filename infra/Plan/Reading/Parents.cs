namespace Candor.Planning;

/// <summary>The tree that the resources' parents span.</summary>
internal static class Parents
{
    /// <summary>Refuses a Plan in which a resource is its own ancestor: whoever walks its tree would never end.</summary>
    internal static void RequireNoCycle(Plan plan)
    {
        var settled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in plan.Resources)
        {
            var path = new HashSet<string>(StringComparer.Ordinal);
            for (var at = resource; at is not null && !settled.Contains(at.Urn); at = plan.Index.Find(at.Parent))
            {
                if (!path.Add(at.Urn))
                {
                    throw new PlanFormatException($"the parents of {at.Urn} go in a circle, expected a tree");
                }
            }

            settled.UnionWith(path);
        }
    }
}
