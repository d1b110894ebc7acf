using System.Text;
using Candor.Planning;

namespace Candor.Local;

/// <summary>The ConfigMaps and Secrets of a Plan. A secret's value is the placeholder token that the recording gave it.</summary>
internal sealed class KeyValueSources
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), IReadOnlyDictionary<string, string>> _sources = [];

    public KeyValueSources(Plan plan)
    {
        foreach (var resource in plan.Resources)
        {
            if (resource.Type == ResourceTypes.ConfigMap)
            {
                _sources[("ConfigMap", resource.KubernetesNamespace, resource.KubernetesName)] = resource.Inputs["data"].Texts();
            }
            else if (resource.Type == ResourceTypes.Secret)
            {
                _sources[("Secret", resource.KubernetesNamespace, resource.KubernetesName)] = SecretData(resource.Inputs);
            }
        }
    }

    /// <summary>All of one source, or null when the Plan has no such source.</summary>
    public IReadOnlyDictionary<string, string>? Find(string kind, string @namespace, string name) =>
        _sources.GetValueOrDefault((kind, @namespace, name));

    /// <summary>Names of the sources of one kind, for messages.</summary>
    public IEnumerable<string> Names(string kind, string @namespace) =>
        _sources.Keys.Where(k => k.Kind == kind && k.Namespace == @namespace).Select(k => k.Name).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> SecretData(PlanValue inputs)
    {
        var all = inputs["data"].Properties.ToDictionary(p => p.Key, p => Decode(p.Value.Text ?? string.Empty), StringComparer.Ordinal);
        foreach (var (key, value) in inputs["stringData"].Properties)
        {
            all[key] = value.Text ?? value.ToString();
        }

        return all;
    }

    /// <summary>A placeholder token may stand where base64 would: what is not base64 is taken as it is.</summary>
    private static string Decode(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return text;
        }
    }
}
