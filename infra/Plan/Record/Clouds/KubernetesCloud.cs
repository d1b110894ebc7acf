using System.Collections.Immutable;

namespace Candor.Planning;

/// <summary>Answers as a Kubernetes API would.</summary>
internal static class KubernetesCloud
{
    /// <summary>The id is <c>namespace/name</c>, or the name of what has no namespace; a generated name is the Pulumi name.</summary>
    internal static (string Id, ImmutableDictionary<string, object> State) Create(string name, ImmutableDictionary<string, object> inputs)
    {
        var metadata = inputs.GetValueOrDefault("metadata") as ImmutableDictionary<string, object>
            ?? ImmutableDictionary<string, object>.Empty;
        if (!metadata.ContainsKey("name"))
        {
            metadata = metadata.SetItem("name", name);
        }

        var id = metadata.TryGetValue("namespace", out var space) ? $"{space}/{metadata["name"]}" : $"{metadata["name"]}";
        return (id, inputs.SetItem("metadata", metadata));
    }
}
