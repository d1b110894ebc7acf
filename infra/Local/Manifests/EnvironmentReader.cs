using Candor.Planning;

namespace Candor.Local;

/// <summary>
/// A container's environment, as Kubernetes puts it together: <c>envFrom</c> first, <c>env</c> over it, <c>$(NAME)</c> expanded.
/// </summary>
internal sealed class EnvironmentReader(KeyValueSources sources, ICollection<string> problems)
{
    public IReadOnlyList<EnvironmentEntry> Read(string where, string @namespace, PlanValue container)
    {
        var entries = new Dictionary<string, EnvironmentEntry>(StringComparer.Ordinal);
        foreach (var from in container["envFrom"].Items)
        {
            var prefix = from["prefix"].Text ?? string.Empty;
            foreach (var (key, value) in Whole(where, @namespace, from))
            {
                entries[prefix + key] = new(prefix + key, value);
            }
        }

        foreach (var variable in container["env"].Items)
        {
            var name = variable["name"].Text ?? string.Empty;
            var entry = One(where, @namespace, name, variable);
            if (entry is not null)
            {
                entries[name] = entry.Value is { } value ? entry with { Value = Expand(value, entries) } : entry;
            }
        }

        return [.. entries.Values];
    }

    /// <summary>Replaces <c>$(NAME)</c> by what is known; what is not stays as written, and <c>$$(NAME)</c> is a literal.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, EnvironmentEntry> known)
    {
        if (!text.Contains("$(", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '(' && text.IndexOf(')', i) is var end && end > 0
                && known.TryGetValue(text[(i + 2)..end], out var entry) && entry.Value is { } value)
            {
                result.Append(value);
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private IEnumerable<KeyValuePair<string, string>> Whole(string where, string @namespace, PlanValue from)
    {
        var kind = from["secretRef"].Exists ? "Secret" : "ConfigMap";
        var reference = from["secretRef"].Exists ? from["secretRef"] : from["configMapRef"];
        var name = reference["name"].Text ?? string.Empty;
        if (sources.Find(kind, @namespace, name) is { } all)
        {
            return all;
        }

        if (reference["optional"].Boolean != true)
        {
            problems.Add(
                $"{where}: envFrom names the {kind} '{name}', which namespace {@namespace} does not have; it has "
                    + $"{List(sources.Names(kind, @namespace))}.");
        }

        return [];
    }

    private EnvironmentEntry? One(string where, string @namespace, string name, PlanValue variable)
    {
        var source = variable["valueFrom"];
        if (!source.Exists)
        {
            return new(name, variable["value"].Text ?? variable["value"].ToString());
        }

        if (source["fieldRef"]["fieldPath"].Text is { } field)
        {
            return new(name, null, field);
        }

        var kind = source["secretKeyRef"].Exists ? "Secret" : source["configMapKeyRef"].Exists ? "ConfigMap" : null;
        if (kind is null)
        {
            problems.Add(
                $"{where}: variable {name} takes its value from {source}; only secretKeyRef, configMapKeyRef and fieldRef are supported "
                    + "here.");
            return null;
        }

        var reference = kind == "Secret" ? source["secretKeyRef"] : source["configMapKeyRef"];
        var sourceName = reference["name"].Text ?? string.Empty;
        var key = reference["key"].Text ?? string.Empty;
        var data = sources.Find(kind, @namespace, sourceName);
        if (data is not null && data.TryGetValue(key, out var value))
        {
            return new(name, value);
        }

        if (reference["optional"].Boolean != true)
        {
            problems.Add(data is null
                ? $"{where}: variable {name} names the {kind} '{sourceName}', which namespace {@namespace} does not have; "
                    + $"it has {List(sources.Names(kind, @namespace))}."
                : $"{where}: variable {name} names key '{key}' of the {kind} '{sourceName}', which has "
                    + $"{List(data.Keys.Order(StringComparer.Ordinal))}.");
        }

        return null;
    }

    private static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Select(n => $"'{n}'")) is { Length: > 0 } list ? list : "none";
}
